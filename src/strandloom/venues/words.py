"""The venue's status words as ours: by their endings, never by a closed list."""

from decimal import Decimal

from strandloom.venues.port import ReportState


def state_of(status: str, filled: Decimal) -> ReportState:
    """Whatever traded before an order ended counts as filled: the rest of it will never come."""
    if status == "filled":
        return "filled"
    if status.lower().endswith("rejected"):
        return "filled" if filled else "rejected"
    if status.lower().endswith(("canceled", "cancel")):
        return "filled" if filled else "cancelled"
    return "partly_filled" if filled else "acknowledged"
