"""How well a venue serves us, from what was measured; and which one a new order should go to.  Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

BPS: Final = 10_000
LEFT_AFTER: Final = 3  # failures in a row
BACK_AFTER: Final = 2  # probes in a row that were answered
PROBE_EVERY: Final = timedelta(seconds=15)
BETTER_BY_BPS: Final = 1.0  # so much cheaper another must be before we move: changing has a price too
_MEMORY: Final = 0.9  # of each average; the newest measurement is the rest
_BPS_PER_S: Final = 0.5  # what waiting a second for an answer is taken to cost
_BPS_OF_FAILING: Final = 50.0  # what a request that fails is taken to cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of one venue."""

    name: str
    fee_bps: float = 4.5
    latency_s: float = 0.3
    slippage_bps: float = 0.0  # signed: what fills cost against the price when the order was wanted
    failing: float = 0.0  # share of requests that got no answer
    in_a_row: int = 0  # failures; while left: probes that were answered, counted down from 0
    is_left: bool = False
    probed_at: datetime | None = None

    @property
    def cost_bps(self) -> float:
        """What an order there is expected to cost."""
        return self.fee_bps + self.slippage_bps + self.latency_s * _BPS_PER_S + self.failing * _BPS_OF_FAILING

    def answered(self, took_s: float) -> "Standing":
        """A request was answered, whatever the answer said."""
        latency, failing = _toward(self.latency_s, took_s), _toward(self.failing, 0.0)
        if not self.is_left:
            return replace(self, latency_s=latency, failing=failing, in_a_row=0)
        back = self.in_a_row - 1 <= -BACK_AFTER
        in_a_row = 0 if back else self.in_a_row - 1
        return replace(self, latency_s=latency, failing=failing, in_a_row=in_a_row, is_left=not back)

    def failed(self) -> "Standing":
        """A request got no answer, or nobody knows whether it acted."""
        in_a_row = max(self.in_a_row, 0) + 1
        is_left = self.is_left or in_a_row >= LEFT_AFTER
        return replace(
            self, failing=_toward(self.failing, 1.0), in_a_row=0 if is_left else in_a_row, is_left=is_left
        )

    def filled(self, average: Decimal, arrival: Decimal | None, *, buys: bool) -> "Standing":
        """An order was filled at that price."""
        if arrival is None or not arrival:
            return self
        paid = float((average - arrival) / arrival) * BPS * (1 if buys else -1)
        return replace(self, slippage_bps=_toward(self.slippage_bps, paid))

    def is_due(self, now: datetime) -> bool:
        """Should one that was left be asked whether it is back?"""
        return self.is_left and (self.probed_at is None or now >= self.probed_at + PROBE_EVERY)


def choose(standings: Sequence[Standing], current: str | None) -> Standing | None:
    """The cheapest that is there; the one in use stays unless another is clearly better.  None: nobody is."""
    there = [standing for standing in standings if not standing.is_left]
    if not there:
        return None
    best = min(there, key=lambda standing: standing.cost_bps)
    mine = next((standing for standing in there if standing.name == current), None)
    if mine is not None and mine.cost_bps - best.cost_bps < BETTER_BY_BPS:
        return mine
    return best


def numbers(standings: Iterable[Standing]) -> dict[str, object]:
    """What a choice was made from, for whoever asks why."""
    return {
        s.name: {
            "cost_bps": round(s.cost_bps, 2),
            "fee_bps": s.fee_bps,
            "slippage_bps": round(s.slippage_bps, 2),
            "latency_s": round(s.latency_s, 3),
            "failing": round(s.failing, 3),
            "left": s.is_left,
        }
        for s in standings
    }


def _toward(average: float, newest: float) -> float:
    return _MEMORY * average + (1 - _MEMORY) * newest
