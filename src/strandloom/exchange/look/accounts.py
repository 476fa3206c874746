"""Questions about an account: margin, positions, fills, funding."""

from decimal import Decimal
from itertools import takewhile

from strandloom.basics.ids import named_id
from strandloom.exchange import margin
from strandloom.exchange.account import Account, Stake
from strandloom.exchange.asset import dollars
from strandloom.exchange.events import Fill, FundingPaid
from strandloom.exchange.market import Market
from strandloom.exchange.state import State
from strandloom.exchange.views import (
    AccountView,
    FillView,
    FundingView,
    PositionView,
    SummaryView,
)

NOTHING = Account("", -1)
_FINE = Decimal("0.0000000001")
_DISORDER_MS = 60_000  # fills of one minute may stand out of order
_RATE = -10  # decimals of a rate


def account(state: State, user: str) -> AccountView:
    """Everything at the present marks."""
    held = state.accounts.get(user, NOTHING)
    markets = state.markets
    value = margin.cross_value(held, markets)
    stakes = [stake for stake in held.stakes.values() if stake.szi]
    alone = [stake for stake in stakes if not stake.is_cross]
    cross_ntl = sum(abs(s.szi) * markets[s.asset].mark for s in held.cross.values())
    alone_ntl = sum(abs(s.szi) * markets[s.asset].mark for s in alone)
    alone_value = sum(margin.stake_value(s, markets[s.asset]) for s in alone)
    used = margin.cross_initial(held, markets)
    return AccountView(
        margin=_summary(
            value + alone_value,
            cross_ntl + alone_ntl,
            held.cash + sum(s.cash for s in alone),
            used + alone_value,
        ),
        cross=_summary(value, cross_ntl, held.cash, used),
        cross_maintenance=dollars(margin.cross_maintenance(held, markets)),
        withdrawable=dollars(margin.withdrawable(held, markets)),
        time=state.now,
        positions=tuple(_position(held, stake, state) for stake in stakes),
    )


def _summary(value: int, ntl: int, raw: int, used: int) -> SummaryView:
    return SummaryView(
        account_value=dollars(value),
        total_ntl_pos=dollars(ntl),
        total_raw_usd=dollars(raw),
        total_margin_used=dollars(used),
    )


def _position(held: Account, stake: Stake, state: State) -> PositionView:
    market = state.markets[stake.asset]
    asset = market.asset
    ntl = stake.szi * market.mark
    profit = ntl - stake.cost
    staked = Decimal(abs(stake.cost)) / stake.leverage
    own = margin.stake_value(stake, market)
    return PositionView(
        asset=asset.index,
        coin=asset.name,
        szi=asset.size(stake.szi),
        is_cross=stake.is_cross,
        leverage=stake.leverage,
        max_leverage=asset.band(abs(ntl)).max_leverage,
        entry_px=asset.price(stake.entry_px),
        position_value=dollars(abs(ntl)),
        unrealized_pnl=dollars(profit),
        return_on_equity=(profit / staked).quantize(_FINE) if staked else Decimal(0),
        liquidation_px=liquidation_px(held, stake, state),
        margin_used=dollars(-(-abs(ntl) // stake.leverage) if stake.is_cross else own),
        raw_usd=None if stake.is_cross else dollars(stake.cash),
        funding_all_time=dollars(stake.funding_all),
        funding_since_open=dollars(stake.funding_open),
        funding_since_change=dollars(stake.funding_change),
    )


def liquidation_px(held: Account, stake: Stake, state: State) -> Decimal | None:
    """`mark - side·available / |szi| / (1 - side·mmr)`; None where no price would do it."""
    market = state.markets[stake.asset]
    if stake.is_cross:
        spare = margin.cross_value(held, state.markets) - margin.cross_maintenance(held, state.markets)
    else:
        spare = margin.stake_value(stake, market) - margin.stake_maintenance(stake, market)
    side = 1 if stake.szi > 0 else -1
    divisor = market.asset.band(abs(stake.szi) * market.mark).divisor
    px = market.mark - Decimal(side * spare * divisor) / (abs(stake.szi) * (divisor - side))
    return px.scaleb(-market.asset.px_decimals).quantize(_FINE) if px > 0 else None


def fill_view(market: Market, fill: Fill) -> FillView:
    """A fill in dollars and base units."""
    asset = market.asset
    why = fill.liquidation
    return FillView(
        user=fill.user,
        coin=asset.name,
        asset=asset.index,
        px=asset.price(fill.px),
        sz=asset.size(fill.sz),
        side="B" if fill.is_buy else "A",
        time=fill.at,
        start_position=asset.size(fill.start_szi),
        dir=direction(fill),
        closed_pnl=dollars(fill.closed_pnl),
        hash=hash_of("trade", fill.seq),
        oid=fill.oid,
        cloid=fill.cloid,
        crossed=fill.crossed,
        fee=dollars(fill.fee),
        tid=fill.tid,
        liquidated_user=why.user if why else None,
        liquidation_mark=asset.price(why.mark) if why else None,
        liquidation_method=why.method if why else None,
        ambiguous=fill.ambiguous,
    )


def direction(fill: Fill) -> str:
    """What the trade did to the position, in the venue's words."""
    start = fill.start_szi
    after = start + (fill.sz if fill.is_buy else -fill.sz)
    if start == 0 or (start > 0) == fill.is_buy:
        return "Open Long" if fill.is_buy else "Open Short"
    if after and (after > 0) != (start > 0):
        return "Long > Short" if start > 0 else "Short > Long"
    return "Close Long" if start > 0 else "Close Short"


def hash_of(kind: str, number: int) -> str:
    """32 bytes in hex that look like a transaction's and are always the same."""
    first, second = named_id(kind, str(number)), named_id(kind + "'", str(number))
    return f"0x{first.hex}{second.hex}"


def fills_between(held: Account, start: int, end: int | None, limit: int) -> list[Fill]:
    """Oldest first, both ends included."""
    late = takewhile(lambda fill: fill.at > start - _DISORDER_MS, reversed(held.fills))
    chosen = [fill for fill in late if fill.at >= start and (end is None or fill.at <= end)]
    return chosen[: -limit - 1 : -1]


def fundings_between(held: Account, start: int, end: int | None, limit: int) -> list[FundingPaid]:
    """Oldest first, both ends included; they stand in order, so only what is new enough is looked at."""
    if not held.fundings or held.fundings[-1].at < start:
        return []
    late = takewhile(lambda paid: paid.at >= start, reversed(held.fundings))
    chosen = [paid for paid in late if end is None or paid.at <= end]
    return chosen[: -limit - 1 : -1]


def funding_view(market: Market, paid: FundingPaid) -> FundingView:
    """One payment."""
    return FundingView(
        time=paid.at,
        coin=market.asset.name,
        usd=dollars(paid.usd),
        szi=market.asset.size(paid.szi),
        rate=Decimal(paid.rate).scaleb(_RATE),
        hash=hash_of(f"funding {market.asset.name} {paid.user}", paid.at),
    )
