"""Who moves first: cross-correlation at small lags, tested against every rotation of time.

Rotating one of two series destroys what links them and keeps everything else (fat tails, volatility that
clusters), so the rotations are the null.  All pairs share one null, and the bar they must pass allows one
false pair in twenty looks, however many pairs there are.  Nothing here depends on the order of symbols.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strandloom.blackboard.desk import Market
from strandloom.indicators.fold import rolling_mean
from strandloom.indicators.frame import Floats, Frame
from strandloom.indicators.rounding import six_digits
from strandloom.indicators.steps import returns
from strandloom.teams.raw_data.rule import Rule, Seen

WINDOW = 240  # minutes that are looked at
EVERY = 5  # minutes between two looks
LAGS = (1, 2, 3)
LEADERS = 6  # the most traded symbols, and no others, are tried as leaders
APART = 8  # rotations closer than this would still see the lead itself
FALSE_PER_LOOK = 0.05
LEAST = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leads:
    """For each symbol its best leader (−1: none), the lag in minutes and the correlation there."""

    leader: NDArray[np.int64]
    lag: NDArray[np.int64]
    correlation: Floats


def leads(step: Floats, turnover: Floats) -> Leads:
    """`step` [symbol × minute] are returns, `turnover` [symbol] says who is traded most."""
    symbols, bars = step.shape
    usable = np.isfinite(step).all(axis=1) & (np.nan_to_num(step).std(axis=1) > 0.0)
    order = np.argsort(-np.where(usable, np.nan_to_num(turnover), -1.0), kind="stable")
    tried = [int(row) for row in order[:LEADERS] if usable[row]]
    if len(tried) == 0 or usable.sum() < 2:
        return Leads(
            leader=np.full(symbols, -1), lag=np.zeros(symbols, np.int64), correlation=np.zeros(symbols)
        )
    correlation = _all_lags(_normal(step, usable), tried)  # [leader × symbol × lag]
    ahead = correlation[..., list(LAGS)]
    behind = correlation[..., [bars - lag for lag in LAGS]]
    own = np.array(tried)[:, None] == np.arange(symbols)
    possible = ~own & usable & (ahead.max(axis=-1) > behind.max(axis=-1) + LEAST / 2)
    best = np.where(possible, ahead.max(axis=-1), 0.0)
    best = np.where(best >= max(LEAST, _bar(correlation, own | ~usable)), best, 0.0)
    row = best.argmax(axis=0)
    found = best.max(axis=0)
    lag = np.array(LAGS)[ahead[row, np.arange(symbols)].argmax(axis=-1)]
    leader = np.where(found > 0.0, np.array(tried)[row], -1)
    return Leads(leader=leader, lag=np.where(found > 0.0, lag, 0), correlation=found)


def _normal(step: Floats, usable: NDArray[np.bool_]) -> Floats:
    kept = np.where(usable[:, None], step, 0.0)
    centred = kept - kept.mean(axis=1, keepdims=True)
    size = np.sqrt((centred * centred).sum(axis=1, keepdims=True))
    normal: Floats = np.divide(centred, size, out=np.zeros_like(centred), where=size > 0.0)
    return normal


def _all_lags(normal: Floats, tried: list[int]) -> Floats:
    """Correlation of each leader's past with each symbol at every lag, the series closed to a ring."""
    waves = np.fft.rfft(normal, axis=1)
    product = waves[None, :, :] * np.conj(waves[tried])[:, None, :]
    rounded: Floats = np.round(np.fft.irfft(product, n=normal.shape[1], axis=-1), 9)
    return rounded


def _bar(correlation: Floats, left_out: NDArray[np.bool_]) -> float:
    """What only the wished share of rotated pairs exceeds."""
    bars = correlation.shape[-1]
    pairs = int((~left_out).sum())
    rotated = np.max([np.roll(correlation, -lag, axis=-1) for lag in LAGS], axis=0)
    null = rotated[..., APART : bars - APART][~left_out].ravel()
    if null.size == 0:
        return 1.0
    rank = max(1, int(FALSE_PER_LOOK * null.size / pairs))
    return float(np.partition(null, -rank)[-rank])


def _in_bars(seen: Seen) -> Floats:
    """Leads come from bars, not from features."""
    return seen.return_1_bps * 0.0


RULE = Rule(
    name="cross_asset.lead_lag",
    sentence="Another symbol has moved, and this one has followed it before, one to three minutes later.",
    formula="the leader's last minutes beyond ±2 sd; the lead exceeds all but 5 % of rotated looks",
    strength=_in_bars,
    enter=2.0,
    leave=2.0,
    horizon_bars=5,
    quotes=("return_1_bps", "return_5_bps", "market_correlation_240"),
)


class LeadLag:
    """Who leads is looked at every five minutes; what that means for the followers, every minute."""

    timeframe = "1m"
    rules = (RULE,)

    def __init__(self) -> None:
        self._looks: dict[int, Leads] = {}  # by minute: functions of the bars alone, kept to save time
        self._answers: dict[int, Floats] = {}

    def standing(self, market: Market) -> Floats:
        """Direction now, direction a minute ago, strength now × the one rule × symbol."""
        now, before = self._strength(market, market.minute), self._strength(market, market.minute - 1)
        if not now.any() and not before.any():
            return np.zeros((3, 1, len(market.symbols)))
        return np.stack([_direction(now), _direction(before), now])[:, None]

    def beside(self, market: Market, rule: int, symbol: int) -> tuple[dict[str, float], str | None]:
        """The lead behind one answer, and who leads."""
        found = self._leads(market, market.minute)
        if found.leader[symbol] < 0:
            return {}, None
        numbers = {"lag_min": float(found.lag[symbol]), "correlation": float(found.correlation[symbol])}
        return numbers, market.symbols[int(found.leader[symbol])]

    def _strength(self, market: Market, minute: int) -> Floats:
        """As of this minute or the one before."""
        answer = self._answers.get(minute)
        if answer is None or len(answer) != len(market.symbols):
            answer = self._answers[minute] = self._followed(market, minute)
            _keep_newest(self._answers)  # which may forget an old minute that is asked for once more
        return answer

    def _followed(self, market: Market, minute: int) -> Floats:
        found = self._leads(market, minute)
        if (found.leader < 0).all():
            return np.zeros(len(market.symbols))
        return _follows(_until(market.bars("1m"), minute), found)

    def _leads(self, market: Market, minute: int) -> Leads:
        """As of the last look that was due at that minute."""
        minute -= minute % EVERY
        found = self._looks.get(minute)
        if found is None or len(found.leader) != len(market.symbols):
            found = self._looks[minute] = _look(_until(market.bars("1m"), minute))
            _keep_newest(self._looks)
        return found


def _until(frame: Frame, minute: int) -> Frame:
    """The bars up to that minute."""
    newest = int(frame.at[-1]) if len(frame) else minute
    return frame.between(0, max(0, len(frame) - (newest - minute)))


def _keep_newest(by_minute: dict[int, Any]) -> None:
    while len(by_minute) > 2:
        del by_minute[min(by_minute)]


def _look(frame: Frame) -> Leads:
    seen = frame.tail(WINDOW + 1)
    if len(seen) <= WINDOW:
        unknown = np.full((frame.close.shape[0], WINDOW), np.nan)
        return leads(unknown, unknown[:, 0])
    return leads(returns(seen.close), six_digits((seen.close * seen.volume).sum(axis=1)))


def _follows(frame: Frame, found: Leads) -> Floats:
    """[symbol]: what each one's leader did in the minutes that it has still to go through, in sds."""
    strength = np.zeros(len(found.leader))
    followers = np.flatnonzero(found.leader >= 0)
    if not followers.size or len(frame) <= WINDOW:
        return strength
    step = returns(frame.close[:, -WINDOW - 1 :])
    sd = np.sqrt(rolling_mean(step * step, WINDOW)[:, 0])
    for row in followers.tolist():
        leader, lag = int(found.leader[row]), int(found.lag[row])
        strength[row] = step[leader, -lag:].sum() / (sd[leader] * lag**0.5)
    return np.nan_to_num(six_digits(strength))


def _direction(strength: Floats) -> Floats:
    return np.where(np.abs(strength) >= RULE.enter, np.sign(strength), 0.0)
