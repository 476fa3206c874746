"""What must hold between teams whatever was killed, for `strandloom audit`."""

from strandloom.blackboard.audit import by_query

by_query("orders_once", "a decision has one order for each part of its entry, and never more than it allowed")
by_query("budget_used", "every claim in use has an open trade or an order that may still become one")
by_query("budget_risk", "every open trade of a plan has its claim on the budget")
