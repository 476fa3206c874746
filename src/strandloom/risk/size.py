"""How much: by volatility, distance to the stop, a quarter of Kelly, within every limit, rounded down."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from strandloom.basics.quick import quick
from strandloom.risk.limits import Limits
from strandloom.risk.values import ZERO, Account, Market

BPS = Decimal(10_000)
VOLATILITY_TARGET = Decimal("0.005")  # one sd of the result over the holding time, as a share of equity
KELLY, KELLY_SHARE = "quarter of Kelly", Decimal("0.25")
PROBATION = {0: Decimal(1), 1: Decimal("0.5"), 2: Decimal("0.25"), 3: ZERO}


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """What is to be sized."""

    symbol: str
    buys: bool
    price: Decimal
    stop: Decimal
    edge_low_bps: float  # lower bound of the mean net result
    holding_sd_bps: float  # of the result over the holding time


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much, and which bound decided it."""

    quantity: Decimal
    bound_by: str
    bounds_usd: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class TooSmall:
    """The bounds leave less than the venue takes: a refusal, never a rounding up."""

    bound_by: str
    notional_usd: Decimal
    smallest_usd: Decimal


def size(idea: Idea, account: Account, market: Market, limits: Limits) -> Size | TooSmall:
    """The quantity for an idea; without an edge there is none, whatever else would bound it."""
    kelly = kelly_usd(idea, account.equity_usd)
    if kelly <= 0:
        return TooSmall(bound_by=KELLY, notional_usd=ZERO, smallest_usd=market.smallest_usd)
    bounds = _bounds(idea, account, market, limits, kelly)
    bound_by = min(bounds, key=lambda name: bounds[name])
    room = max(bounds[bound_by], ZERO)
    room *= _beside_the_book(idea, room, account, market) * PROBATION[account.probation.get(idea.symbol, 0)]
    quantity = _lots(room / idea.price, market.lot)
    if quantity <= 0 or quantity * idea.price < market.smallest_usd:
        return TooSmall(bound_by=bound_by, notional_usd=room, smallest_usd=market.smallest_usd)
    return Size(quantity=quantity, bound_by=bound_by, bounds_usd=bounds)


def probe(price: Decimal, market: Market) -> Size:
    """The smallest size that the venue takes."""
    lots = (market.smallest_usd / price / market.lot).to_integral_value(ROUND_UP)
    quantity = max(lots, Decimal(1)) * market.lot
    return Size(quantity=quantity, bound_by="probe", bounds_usd={"probe": quantity * price})


def kelly_usd(idea: Idea, equity_usd: Decimal) -> Decimal:
    """A quarter of Kelly on the lower bound of the edge; nothing where that is not above zero."""
    if idea.edge_low_bps <= 0 or idea.holding_sd_bps <= 0:
        return ZERO
    edge, sd = Decimal(str(idea.edge_low_bps)) / BPS, Decimal(str(idea.holding_sd_bps)) / BPS
    return equity_usd * KELLY_SHARE * edge / (sd * sd)


def _bounds(
    idea: Idea, account: Account, market: Market, limits: Limits, kelly: Decimal
) -> dict[str, Decimal]:
    """Every upper bound on the notional, by name."""
    equity, trade, whole = account.equity_usd, limits.trade, limits.account
    held = account.by_symbol.get(idea.symbol, ZERO) * (1 if idea.buys else -1)
    distance = (idea.price - idea.stop if idea.buys else idea.stop - idea.price) / idea.price
    sd = Decimal(str(idea.holding_sd_bps)) / BPS
    risk_left = min(
        trade.risk_percent * equity / 100, whole.risk_budget_percent * equity / 100 - account.risk_usd
    )
    leverage = min(whole.leverage, Decimal(market.leverage_limit))
    net = account.net_usd if idea.buys else -account.net_usd
    volume = Decimal(str(market.minute_volume_usd or 0.0))
    return {
        "volatility": VOLATILITY_TARGET * equity / sd if sd > 0 else ZERO,
        "stop distance": risk_left / distance if distance > 0 else ZERO,
        KELLY: kelly,
        "position size": trade.position_percent * equity / 100 - held,
        "gross exposure": whole.gross_percent * equity / 100 - account.gross_usd,
        "net exposure": whole.net_percent * equity / 100 - net,
        "leverage": leverage * equity - account.gross_usd,
        "liquidity": limits.market.volume_share_percent * volume / 100,
    }


def _beside_the_book(idea: Idea, room: Decimal, account: Account, market: Market) -> Decimal:
    """1 / (1 + Σ ρ_ij·f_j/f_i): less beside positions that move alike, opposite sides counting negative."""
    if room <= 0:
        return ZERO
    side = 1 if idea.buys else -1
    together = sum(
        (
            Decimal(str(market.correlation.get(symbol, 1.0) if symbol != idea.symbol else 1.0))
            * signed
            * side
            / room
            for symbol, signed in account.by_symbol.items()
        ),
        ZERO,
    )
    return Decimal(1) / (1 + together) if together > 0 else Decimal(1)


def _lots(quantity: Decimal, lot: Decimal) -> Decimal:
    return (quantity / lot).to_integral_value(ROUND_DOWN) * lot
