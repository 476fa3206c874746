"""The port to the board's SQL functions: called directly or over HTTP, with the same meaning."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from strandloom.basics.errors import StrandloomError
from strandloom.blackboard.board import ConditionFailed, LeaseLost, Unacceptable

Row = Mapping[str, Any]
CODES = ("PT409", "PT412", "PT422")  # PostgREST answers with the HTTP status of the same number


class Functions(Protocol):
    """Calls `ad_<name>`.  Arguments carry their SQL names and stand in the function's order."""

    async def rows(self, name: str, /, **arguments: Any) -> Sequence[Row]:
        """What a function returns as rows."""
        ...

    async def value(self, name: str, /, **arguments: Any) -> Any:
        """What a function returns as one value."""
        ...


def meaning(code: str, message: str, detail: str) -> StrandloomError:
    """What one of our codes says: a lease is lost, a condition failed, a row is no good."""
    if code == "PT409":
        return LeaseLost(message)
    if code == "PT412":
        return ConditionFailed(detail)
    field, _, problem = message.partition(": ")
    return Unacceptable(field, problem) if problem else Unacceptable("row", message)
