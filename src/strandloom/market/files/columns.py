"""Which column of a file is what: by name, by position where there is no heading, and by what one says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from strandloom.basics.errors import BadInput
from strandloom.market.bars import FIELDS, REQUIRED

_NAMES: Mapping[str, tuple[str, ...]] = {
    "time": (
        "time",
        "time_ms",
        "timestamp",
        "ts",
        "ts_ms",
        "open_time",
        "opentime",
        "datetime",
        "date",
        "t",
        "start",
        "start_time",
        "unix",
        "unix_ms",
        "minute",
        "close_time",
        "closetime",
    ),
    "symbol": ("symbol", "coin", "ticker", "pair", "instrument", "s"),
    "open": ("open", "o", "open_price"),
    "high": ("high", "h", "high_price", "max"),
    "low": ("low", "l", "low_price", "min"),
    "close": ("close", "c", "close_price", "price", "last"),
    "volume": ("volume", "v", "vol", "base_volume", "volume_base", "amount"),
    "trades": ("trades", "n", "count", "number_of_trades", "num_trades", "trade_count", "tradecount"),
    "quote_volume": ("quote_volume", "quote_asset_volume", "volume_quote", "turnover", "qv", "q"),
    "bid": ("bid",),
    "ask": ("ask",),
    "mark": ("mark", "mark_price", "mark_px"),
    "oracle": ("oracle", "oracle_price", "oracle_px", "index_price"),
    "funding": ("funding", "funding_hourly"),
    "open_interest": ("open_interest", "oi"),
    "filled": ("filled",),
}
ROLES = tuple(_NAMES)
_BY_POSITION = ("time", "open", "high", "low", "close", "volume", None, "quote_volume", "trades")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The file's column for each role that it has."""

    by_role: Mapping[str, str]

    @property
    def time(self) -> str:
        return self.by_role["time"]

    @property
    def tells_the_close(self) -> bool:
        """By its name the time is when a bar closed."""
        return _plain(self.time) in ("close_time", "closetime")

    @property
    def fields(self) -> dict[str, str]:
        """Only what becomes a column of bars."""
        return {role: column for role, column in self.by_role.items() if role in FIELDS}


def detect(names: Sequence[str], said: Mapping[str, str] | None = None) -> Layout:
    """The layout of a file with these columns; what a person said goes first."""
    said = said or {}
    _check(said, names)
    plain = {_plain(name): name for name in reversed(names)}
    found = {
        role: next((plain[known] for known in known_as if known in plain), None)
        for role, known_as in _NAMES.items()
    }
    by_role = {role: column for role, column in {**found, **said}.items() if column is not None}
    missing = [role for role in ("time", *REQUIRED) if role not in by_role]
    if missing:
        raise BadInput(
            f"no column looks like {', '.join(missing)}; the file has {', '.join(names)}: "
            f"say which is which with --columns {missing[0]}=NAME"
        )
    return Layout(by_role=by_role)


def by_position(count: int) -> list[str]:
    """Names for a file without a heading, in the order in which exchanges publish candles."""
    if count < 6:
        raise BadInput(
            f"the file has no heading and only {count} columns; expected time, open, high, low, close, volume"
        )
    known = [name or f"column_{number + 1}" for number, name in enumerate(_BY_POSITION)]
    return [*known, *(f"column_{number + 1}" for number in range(len(known), count))][:count]


def _check(said: Mapping[str, str], names: Sequence[str]) -> None:
    for role, column in said.items():
        if role not in ROLES:
            raise BadInput(f"--columns does not know {role!r}; it knows {', '.join(ROLES)}")
        if column not in names:
            raise BadInput(f"the file has no column {column!r}; it has {', '.join(names)}")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")
