"""Bars and feed events with defaults, for tests."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

from strandloom.kinds.market import Bar
from strandloom.market import minute as minutes
from strandloom.market.feeds.port import Closed

MINUTE = 29_000_000  # some minute, on a full hour + 20


def a_bar(symbol: str = "BTC", minute: int = MINUTE, close: float = 100.5, **values: Any) -> Bar:
    bar = Bar(
        venue="test",
        symbol=symbol,
        at=minutes.opens(minute),
        open=100.0,
        high=101.0,
        low=99.0,
        close=close,
        volume=7.0,
    )
    return dataclasses.replace(bar, **values)


def after_close(minute: int = MINUTE, seconds: float = 1.0) -> datetime:
    return minutes.closes(minute) + timedelta(seconds=seconds)


def closed(*bars: Bar, seconds: float = 1.0) -> Closed:
    """Bars told that long after the newest of them closed."""
    return Closed(bars=bars, now=after_close(max(minutes.of(bar.at) for bar in bars), seconds))
