"""What must hold of the market whatever happened, for `strandloom audit`."""

from strandloom.blackboard.audit import by_query

by_query("market_beats", "every minute recorded as given has its heartbeat on the board")
by_query("market_bars", "every symbol that a heartbeat of the last day calls present has its bar")
by_query("market_versions", "every correction of a bar has the version that it corrects")
