"""What the market itself leaves open: contradictions, borders of regimes, novelty, silence, missing inputs.

Pure functions of a view: each answers the questions it would raise, whoever has raised them before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from strandloom.blackboard.desk import Market
from strandloom.indicators.features.motion import TREND_ENTERS, TREND_LEAVES, WILD_ENTERS
from strandloom.indicators.frame import Minutes
from strandloom.kinds.heartbeat import Heartbeat
from strandloom.kinds.uncertainty import Doubt
from strandloom.teams.raw_data.newness import NEWNESS
from strandloom.teams.raw_data.source import Source

YEAR = timedelta(days=365)
NEAR = 0.1  # of a threshold's size
WARM = 120  # minutes before anything can be called missing
OPPOSED = 2  # patterns on each side that make a contradiction
NOVEL_ON = "15m"
NOVEL_SHARE = 0.35  # of the features that stand outside their last 63 bars
NEVER_HAD = {  # feature → the input it needs
    "spread_bps": "best bid and ask",
    "basis_bps": "mark and oracle prices",
    "funding_bps": "funding rates",
    "interest_change_15_bps": "open interest",
}
IN_NO_BAR = "sizes in the order book"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something open: what, about which symbol, how pressing, for how long, and what would settle it."""

    doubt: Doubt
    subject: str
    symbol: str | None
    priority: float
    lasts: timedelta
    resolves_by: str
    reason: str

    @property
    def name(self) -> tuple[str, str, str]:
        """Questions of one name are one question."""
        return self.doubt, self.subject, self.symbol or ""


def silence(beat: Heartbeat) -> Iterator[Question]:
    """Symbols whose bars did not come for two minutes."""
    for symbol in beat.missing:
        yield Question(
            doubt="data_stopped",
            subject="bars",
            symbol=symbol,
            priority=0.9,
            lasts=timedelta(hours=6),
            resolves_by="the next bar of this symbol",
            reason="no bar for two minutes or more",
        )


def missing_inputs(market: Market) -> Iterator[Question]:
    """What the feed has for no symbol at all."""
    if len(market.bars("1m")) < WARM:
        return
    known = market.features("1m")
    absent = [what for feature, what in NEVER_HAD.items() if np.isnan(known[feature]).all()]
    for what in (*absent, IN_NO_BAR):
        yield Question(
            doubt="missing_input",
            subject=what,
            symbol=None,
            priority=0.1,
            lasts=YEAR,
            resolves_by="a feed that has it",
            reason="it is in no bar of any symbol; what needs it stays silent",
        )


def contradictions(sources: Sequence[Source], market: Market) -> Iterator[Question]:
    """Symbols on which patterns of one timeframe point both ways, and about equally many."""
    for timeframe in dict.fromkeys(source.timeframe for source in sources):
        group = [source for source in sources if source.timeframe == timeframe]
        up, down = _votes(group, market)
        for number in np.flatnonzero((up >= OPPOSED) & (down >= OPPOSED)).tolist():
            yield Question(
                doubt="contradiction",
                subject=f"direction@{timeframe}",
                symbol=market.symbols[number],
                priority=float(min(1.0, 0.4 + 0.1 * min(up[number], down[number]))),
                lasts=timedelta(hours=2),
                resolves_by="one side ending, or its invalidation level being reached",
                reason=f"{int(up[number])} patterns up against {int(down[number])} down",
            )


def still_contradicts(timeframe: str, number: int, sources: Sequence[Source], market: Market) -> bool:
    """Do both sides still stand?"""
    up, down = _votes([source for source in sources if source.timeframe == timeframe], market)
    return bool(up[number] and down[number])


def at_a_border(market: Market, symbol: str) -> Question | None:
    """A regime about to switch: trend or wildness within a tenth of a threshold."""
    number = market.symbols.index(symbol)
    known = market.features("1m")
    trend, wildness = abs(known.of(number, "trend_z_60")), known.of(number, "wildness")
    near = [
        f"{what} {value:.3g} near {border:.3g}"
        for what, value, border in (
            ("trend_z_60", trend, TREND_ENTERS),
            ("trend_z_60", trend, TREND_LEAVES),
            ("wildness", wildness, 1.0 + WILD_ENTERS),
        )
        if abs(value - border) < NEAR * border / 2
    ]
    if not near:
        return None
    return Question(
        doubt="regime_boundary",
        subject="regime",
        symbol=symbol,
        priority=0.3,
        lasts=timedelta(hours=1),
        resolves_by="trend and wildness well inside one regime",
        reason=", ".join(near),
    )


def novelty(market: Market, timeframe: str) -> Iterator[Question]:
    """Symbols most of whose features stand where they have not been for 63 bars."""
    for number, share in enumerate(market.features(timeframe).through(NEWNESS).tolist()):
        if share >= NOVEL_SHARE:
            yield Question(
                doubt="novelty",
                subject=f"features@{timeframe}",
                symbol=market.symbols[number],
                priority=float(min(1.0, share)),
                lasts=timedelta(hours=4),
                resolves_by="outcomes of the patterns that stand now",
                reason=f"{share:.0%} of the features are beyond their last 63 bars",
            )


def _votes(sources: Sequence[Source], market: Market) -> tuple[Minutes, Minutes]:
    up = np.zeros(len(market.symbols), dtype=np.int64)
    down = np.zeros(len(market.symbols), dtype=np.int64)
    for source in sources:
        pointing = np.array([rule.directional for rule in source.rules])
        now = source.standing(market)[0][pointing]
        up += (now > 0).sum(axis=0)
        down += (now < 0).sum(axis=0)
    return up, down
