"""The whole account as the Trader sees it: what is held, what it is worth, what is not clear; pure."""

from collections.abc import Iterable, Mapping, Sequence, Set
from decimal import Decimal

from strandloom.kinds.position import Held, Netted, PositionTracking
from strandloom.teams.trader.order import ZERO, Order
from strandloom.teams.trader.stops import works
from strandloom.teams.trader.trade import Trade
from strandloom.venues.port import Balance, Venue


def tracking(
    venue: Venue,
    balance: Balance,
    held: Sequence[Held],
    *,
    coming: int = 0,
    correlated_usd: Decimal | None = None,
    in_doubt: Set[str] = frozenset(),
    unexplained: Set[str] = frozenset(),
) -> PositionTracking:
    """What position_tracking says."""
    netted = [
        Netted(symbol=position.symbol, quantity=position.quantity, usd=position.quantity * position.mark)
        for position in balance.positions
    ]
    signed_usd = [one.usd for one in netted]
    return PositionTracking(
        venue=venue.name,
        mode=venue.mode,
        equity_usd=balance.equity_usd,
        cash_usd=balance.cash_usd,
        flows_usd=balance.flows_usd,
        realised_usd=balance.cash_usd - balance.flows_usd,
        unrealised_usd=sum([position.unrealised_usd for position in balance.positions], ZERO),
        held=tuple(held),
        netted=tuple(netted),
        open_orders=balance.open_orders + coming,
        gross_usd=sum(map(abs, signed_usd), ZERO),
        net_usd=sum(signed_usd, ZERO),
        correlated_usd=correlated_usd,
        in_doubt=tuple(sorted(in_doubt)) if in_doubt else (),
        unexplained=tuple(sorted(unexplained)) if unexplained else (),
    )


def coming(trades: Iterable[Trade]) -> int:
    """How many guards of what is held are on their way: asked for, or about to be."""
    levels = [
        (trade.orders, leg)
        for trade in trades
        for leg, level in (("stop", trade.stop), ("take_profit", trade.take_profit))
        if level is not None and trade.held > 0
    ]
    guards = [
        [o for o in known if o.leg == leg and (not o.goes_with or works(o, known))] for known, leg in levels
    ]
    return sum(map(_is_coming, guards))


def _is_coming(guards: Sequence[Order]) -> bool:
    """None was asked for yet, or one that was does not rest yet; what the venue refused does not come."""
    standing = [order for order in guards if order.stands]
    return not any(order.rests for order in standing) if standing else not guards


def held(trade: Trade, balance: Balance, funding_usd: Decimal) -> Held:
    """One open position."""
    marks = [position.mark for position in balance.positions if position.symbol == trade.symbol]
    mark, quantity = marks[0] if marks else trade.entry_price, trade.quantity
    return Held(
        venue=trade.venue,
        symbol=trade.symbol,
        quantity=quantity,
        entry_price=trade.entry_price,
        mark=mark,
        unrealised_usd=quantity * (mark - trade.entry_price),
        realised_usd=trade.realised_usd,
        funding_usd=funding_usd,
        fees_usd=trade.fees_usd,
        stop=trade.stop,
        risk_usd=trade.risk_usd,
        opened_at=trade.opened_at,
        decision=trade.decision,
        plan=trade.plan,
        exploration=trade.exploration,
        worst=trade.worst,
        best=trade.best,
    )


def differences(trades: Iterable[Trade], balance: Balance) -> Mapping[str, tuple[Decimal, Decimal]]:
    """Symbols on which our trades and the venue's position differ: ours, and theirs."""
    ours: dict[str, Decimal] = {}
    for trade in trades:
        ours[trade.symbol] = ours.get(trade.symbol, ZERO) + trade.quantity
    theirs = {position.symbol: position.quantity for position in balance.positions}
    if ours == theirs:
        return {}
    both = {symbol: (ours.get(symbol, ZERO), theirs.get(symbol, ZERO)) for symbol in {*ours, *theirs}}
    return {symbol: pair for symbol, pair in sorted(both.items()) if pair[0] != pair[1]}
