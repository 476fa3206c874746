"""The rule of three: three observers of different kind say how sure they are that an idea has an edge."""

from collections.abc import Mapping, Sequence
from math import copysign, exp, isfinite, isnan, log, tanh
from typing import Any

from scipy.special import stdtr

from strandloom.blackboard.desk import Market
from strandloom.kinds.plan import Observation, Stance

FOR, AGAINST = 0.55, 0.45
ENOUGH_BLOCKS = 20
ASSUMED_CORRELATION = 0.5  # of the observers' errors, until enough of them are known
RULE_REACH = 0.25  # how far from even a rule without a record may lean
NEEDED = 2


def stance_of(confidence: float) -> Stance:
    """What a probability comes to."""
    if confidence > FOR:
        return "for"
    return "against" if confidence < AGAINST else "silent"


def statistics(rows: Sequence[Mapping[str, Any]]) -> Observation:
    """The probability that the mean net edge is above zero, from the finest key with enough blocks."""
    row = finest(rows)
    if row is None:
        most = max((row["n_blocks"] for row in rows), default=0)
        why = f"{most} blocks of evidence, {ENOUGH_BLOCKS} are needed"
        return Observation(observer="statistics", stance="silent", confidence=0.5, why=why)
    z = row["net_bps"] / row["se_bps"]
    confidence = min(max(float(stdtr(row["n_blocks"] - 1, z)), 0.01), 0.99)
    why = f"{row['key']}: {row['net_bps']:.1f} ± {row['se_bps']:.1f} bps net over {row['n_blocks']} blocks"
    return Observation(observer="statistics", stance=stance_of(confidence), confidence=confidence, why=why)


def finest(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The most particular key with enough blocks to be believed."""
    known = [row for row in rows if row["n_blocks"] >= ENOUGH_BLOCKS and row.get("se_bps")]
    return max(known, key=lambda row: row["key"].count("|"), default=None)


def structure(market: Market, row: int, side: int) -> Observation:
    """Does the idea go with the larger picture, and is the market not stretched already?"""
    return _weighed("structure", structure_votes(market, row, side))


def structure_votes(market: Market, row: int, side: int) -> dict[str, float]:
    """Each between −1, against the idea, and 1; NaN where nothing is known."""
    quarter, hour = market.features("15m"), market.features("1h")
    return {
        "15m averages": _sign(quarter.of(row, "ema_gap_21_50_bps")) * side,
        "hour's trend": _squash(hour.of(row, "trend_z_60"), 1.0) * side,
        "15m efficiency": _squash(quarter.of(row, "efficiency_20"), 0.3) * side,
        "not stretched": -_squash(quarter.of(row, "bollinger_z_20") * side, 2.0),
    }


def flow(market: Market, row: int, side: int) -> Observation:
    """Do volume and the other symbols go along?"""
    return _weighed("flow", flow_votes(market, row, side))


def flow_votes(market: Market, row: int, side: int) -> dict[str, float]:
    """Each between −1, against the idea, and 1; NaN where nothing is known."""
    minute, quarter = market.features("1m"), market.features("15m")
    return {
        "signed volume": _squash(minute.of(row, "flow_60"), 0.2) * side,
        "on-balance volume": _squash(minute.of(row, "obv_change_60"), 0.2) * side,
        "breadth": _squash(minute.of(row, "breadth_15"), 0.6) * side,
        "relative strength": _squash(quarter.of(row, "relative_strength_60_bps"), 100.0) * side,
    }


def pooled(
    observations: Sequence[Observation], correlation: float = ASSUMED_CORRELATION
) -> tuple[float, float]:
    """All that were not silent together: their probability, and how many independent votes they are worth."""
    speaking = [o for o in observations if o.stance != "silent"]
    if not speaking:
        return 0.5, 0.0
    votes = effective_votes(len(speaking), correlation)
    mean = sum([log(o.confidence / (1.0 - o.confidence)) for o in speaking]) / len(speaking)
    return 1.0 / (1.0 + exp(-mean * votes)), votes


def effective_votes(k: int, correlation: float) -> float:
    """k/(1+(k−1)ρ̄): what k dependent votes are worth; correlation below zero counts as none."""
    return k / (1.0 + (k - 1) * min(max(correlation, 0.0), 1.0))


def agreed(observations: Sequence[Observation]) -> bool:
    """Two of three are for it."""
    return sum(o.stance == "for" for o in observations) >= NEEDED


def _weighed(name: str, votes: Mapping[str, float]) -> Observation:
    known = [(what, vote) for what, vote in votes.items() if isfinite(vote)]
    if not known:
        return Observation(observer=name, stance="silent", confidence=0.5, why="nothing is known yet")
    lean = sum([vote for _, vote in known]) / len(votes)
    confidence = round(0.5 + RULE_REACH * lean, 6)
    why = ", ".join([f"{what} {vote:+.2f}" for what, vote in known])
    return Observation(observer=name, stance=stance_of(confidence), confidence=confidence, why=why)


def _sign(value: float) -> float:
    return value if isnan(value) or not value else copysign(1.0, value)


def _squash(value: float, scale: float) -> float:
    return tanh(value / scale)
