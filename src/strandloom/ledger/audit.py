"""What must hold of the books whatever happened, for `strandloom audit`."""

from strandloom.blackboard.audit import by_query

by_query("ledger_zero", "the entries of every transaction sum to zero")
by_query("ledger_balances", "every account's balance is the sum of its entries")
by_query("ledger_fills", "every booked fill moved the cash, the cost, the quantity and the fee that it says")
by_query("ledger_orders", "the ledger has of every order what the order says that it traded")
