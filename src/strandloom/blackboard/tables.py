"""The tables beside a memory board: plain dictionaries that can take back what a failed group changed."""

from collections.abc import Hashable, Iterator
from typing import Any, Generic, TypeVar

Row = dict[str, Any]
K = TypeVar("K", bound=Hashable)
_ABSENT: Any = object()
_Undo = tuple["Table[Any]", Any, Any]


class Table(Generic[K]):
    """Rows by key.  A row is replaced, never edited in place: only so can a change be taken back."""

    __slots__ = ("_journal", "_rows")

    def __init__(self, journal: list[_Undo]) -> None:
        self._rows: dict[K, Row] = {}
        self._journal = journal

    def get(self, key: K) -> Row | None:
        return self._rows.get(key)

    def put(self, key: K, row: Row) -> None:
        self._journal.append((self, key, self._rows.get(key, _ABSENT)))
        self._rows[key] = row

    def remove(self, key: K) -> None:
        self._journal.append((self, key, self._rows.pop(key, _ABSENT)))

    def rows(self) -> Iterator[tuple[K, Row]]:
        return iter(self._rows.items())

    def newest(self) -> Iterator[tuple[K, Row]]:
        """The rows in the order of their coming, the last first."""
        return reversed(self._rows.items())

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: K) -> bool:
        return key in self._rows

    def _back(self, key: K, row: Any) -> None:
        if row is _ABSENT:
            self._rows.pop(key, None)
        else:
            self._rows[key] = row


class Tables(dict[str, Table[Any]]):
    """Every table that anybody has asked for, by its name; one transaction at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._journal: list[_Undo] = []

    def __missing__(self, name: str) -> Table[Any]:
        table = self[name] = Table(self._journal)
        return table

    def commit(self) -> None:
        """Keep what was changed since the last commit."""
        self._journal.clear()

    def rollback(self) -> None:
        """Take back what was changed since the last commit, newest change first."""
        for table, key, row in reversed(self._journal):
            table._back(key, row)
        self._journal.clear()
