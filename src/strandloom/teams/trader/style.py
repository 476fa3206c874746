"""How an entry is sent: the style with the least expected cost of those that were measured; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from strandloom.kinds.decision import Decision
from strandloom.kinds.insight import Executing
from strandloom.kinds.instrument import Instrument
from strandloom.kinds.lesson import StyleLesson
from strandloom.kinds.order import Choice
from strandloom.kinds.performance import Style, Volatility

SLICES: Final = 3
KAPPA: Final = 8.0  # orders that «it saves nothing» is worth
KNOWN_ORDERS: Final = 8  # measured ones; with fewer a style is tried, not chosen
MARGIN_BPS: Final = 0.25  # so much less it must cost than crossing at once
CLOSE_BPS: Final = 0.25  # within this, guidance decides
_SHORTEST: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one style here."""

    style: Style
    orders: float = 0.0  # measured ones
    saved_bps: float = 0.0  # their sum, against a taker order at arrival
    lessons: tuple[StyleLesson, ...] = ()  # in force and about such an order, the weightiest first

    @property
    def is_known(self) -> bool:
        return self.style == "taker" or self.orders >= KNOWN_ORDERS or bool(self.lessons)

    @property
    def expected_saving_bps(self) -> float:
        """The weightiest lesson's claim, else what was measured, leaning on nothing saved."""
        if self.style == "taker":
            return 0.0
        return self.lessons[0].saved_bps if self.lessons else self.saved_bps / (self.orders + KAPPA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that the choice is made from."""

    possible: tuple[Style, ...]
    taker_bps: float  # what crossing at once costs by the cost model
    known: Mapping[Style, Known] = field(default_factory=dict)
    guidance: tuple[Executing, ...] = ()
    volatility: Volatility = "normal"


def possible(body: Decision, instrument: Instrument | None, now: datetime) -> tuple[Style, ...]:
    """The styles within the decision's limits: a price that was decided is not improved upon."""
    if body.entry_type != "market":
        return ("maker",)
    time_left = body.expires_at - now
    found: list[Style] = ["taker"]
    if time_left >= _SHORTEST:
        found.append("maker")
    if instrument is not None and time_left >= SLICES * _SHORTEST:
        share = body.quantity / SLICES
        if share >= instrument.lot and share * body.worst_price >= 2 * instrument.smallest_usd:
            found.append("sliced")
    return tuple(found)


def choose(shown: Shown, draw: float = 1.0, trying_share: float = 0.0) -> Choice:
    """The choice with its alternatives; `draw` is the decision's own number in [0, 1)."""
    cost_bps = {style: shown.taker_bps - _known(shown, style).expected_saving_bps for style in shown.possible}
    best, why = _best(shown, cost_bps)
    tried = _least_known(shown, best) if draw < trying_share else None
    return Choice(
        style=tried or best,
        why="the less-known style, to learn what it costs" if tried else why,
        cost_bps={style: round(cost, 4) for style, cost in cost_bps.items()},
        shown=tuple(_told(shown)),
        lessons=tuple(lesson.lesson for known in shown.known.values() for lesson in known.lessons[:1]),
        trying=tried is not None,
    )


def draw_of(decision: UUID) -> float:
    """A number in [0, 1) that is the decision's own: the same in a replay."""
    return (decision.int % 1_000_003) / 1_000_003


def _best(shown: Shown, cost_bps: Mapping[Style, float]) -> tuple[Style, str]:
    if len(shown.possible) == 1:
        return shown.possible[0], "the only one within the decision's limits"
    fallback = shown.possible[0]
    known = [style for style in shown.possible if _known(shown, style).is_known]
    cheapest = min(known, key=lambda style: cost_bps[style], default=fallback)
    advised = _advised(shown, known)
    if advised is not None and abs(cost_bps[advised] - cost_bps[cheapest]) <= CLOSE_BPS:
        cheapest = advised
    if cost_bps[fallback] - cost_bps[cheapest] < MARGIN_BPS:
        return fallback, "nothing that was measured costs less"
    saves = cost_bps[fallback] - cost_bps[cheapest]
    return cheapest, f"expected to save {saves:.2f} bps against crossing at once"


def _advised(shown: Shown, known: Sequence[Style]) -> Style | None:
    """What guidance says saves most in this volatility, even at the lower bound."""
    good = [one for one in _about(shown) if one.low_bps > 0 and one.style in known]
    return max(good, key=lambda one: one.saved_bps).style if good else None


def _about(shown: Shown) -> Iterable[Executing]:
    return (one for one in shown.guidance if one.volatility == shown.volatility)


def _least_known(shown: Shown, best: Style) -> Style | None:
    others = [style for style in shown.possible if style != best]
    return min(others, key=lambda style: _known(shown, style).orders, default=None)


def _known(shown: Shown, style: Style) -> Known:
    return shown.known.get(style) or Known(style=style)


def _told(shown: Shown) -> Iterable[str]:
    """What the choice was shown, in words."""
    yield f"crossing at once costs {shown.taker_bps:.2f} bps by the model"
    for style in shown.possible:
        known = _known(shown, style)
        if known.orders:
            mean = known.saved_bps / known.orders
            yield f"{style}: {known.orders:.0f} orders saved {mean:+.2f} bps each"
        for lesson in known.lessons:
            yield f"{style}: a lesson claims {lesson.saved_bps:+.2f} bps"
    for one in _about(shown):
        yield f"guidance: {one.style} saves {one.saved_bps:+.2f} bps, at least {one.low_bps:+.2f}"


def share_of(left: Decimal, part: int, lot: Decimal) -> Decimal:
    """The next slice of what is left, in whole lots; the last one takes all."""
    slices = SLICES - part
    return left if slices <= 1 else left / slices // lot * lot
