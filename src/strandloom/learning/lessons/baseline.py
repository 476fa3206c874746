"""Baselines for rows of evidence, from the minutes that the window still holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from strandloom.blackboard.desk import Market
from strandloom.indicators.calendar import SESSIONS, session_number
from strandloom.learning.lessons.facts import Facts
from strandloom.scoring.drift import Drift


class Baselines:
    """One market view's prices per symbol, summed up when first asked for."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._drifts: dict[str, Drift | None] = {}
        self._known: dict[str, float | None] = {}

    def drift_bps(self, row: Mapping[str, Any], facts: Facts) -> float | None:
        """What the same direction would have earned from any entry; an order bets on no direction."""
        if facts.kind != "pattern":
            return 0.0
        name = str(row["prediction"])
        if name not in self._known:
            self._known[name] = self._baseline(row, facts)
        return self._known[name]

    def _baseline(self, row: Mapping[str, Any], facts: Facts) -> float | None:
        drift = self._drift(facts.symbol or "")
        if drift is None or facts.session not in SESSIONS:
            return None
        opened, closed = (_minute(row[name]) for name in ("opened_at", "closed_at"))
        bought = drift.baseline_bps(opened, max(closed - opened, 1), SESSIONS.index(facts.session))
        return bought if bought is None or facts.direction == "up" else -bought

    def _drift(self, symbol: str) -> Drift | None:
        if symbol not in self._drifts:
            self._drifts[symbol] = self._summed(symbol)
        return self._drifts[symbol]

    def _summed(self, symbol: str) -> Drift | None:
        if symbol not in self._market.symbols:
            return None
        frame = self._market.bars("1m")
        first = int(frame.at[0])
        sessions = session_number(np.arange(first, first + len(frame), dtype=np.int64))
        return Drift.of(first, frame.close[self._market.symbols.index(symbol)], sessions)


def _minute(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) // 60
