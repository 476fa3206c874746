"""Every module of the network, by hand: who sits where, in the order in which a replay visits them."""

from strandloom.blackboard.module import Seat

TEAMS = ("raw_data", "decision_maker", "trader", "cil")


def seats() -> tuple[Seat, ...]:
    """The whole network.  A new module is one line here."""
    return ()
