"""The whole account as the Trader sees it: what is held, what it is worth, what is not clear; pure."""

from collections.abc import Iterable, Mapping, Sequence
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
    in_doubt: Iterable[str] = (),
    unexplained: Iterable[str] = (),
) -> PositionTracking:
    """What position_tracking says."""
    signed = {position.symbol: position.quantity * position.mark for position in balance.positions}
    return PositionTracking(
        venue=venue.name,
        mode=venue.mode,
        equity_usd=balance.equity_usd,
        cash_usd=balance.cash_usd,
        flows_usd=balance.flows_usd,
        realised_usd=balance.cash_usd - balance.flows_usd,
        unrealised_usd=sum((position.unrealised_usd for position in balance.positions), ZERO),
        held=tuple(held),
        netted=tuple(
            Netted(symbol=position.symbol, quantity=position.quantity, usd=signed[position.symbol])
            for position in balance.positions
        ),
        open_orders=balance.open_orders + coming,
        gross_usd=sum(map(abs, signed.values()), ZERO),
        net_usd=sum(signed.values(), ZERO),
        correlated_usd=correlated_usd,
        in_doubt=tuple(sorted(set(in_doubt))),
        unexplained=tuple(sorted(set(unexplained))),
    )


def coming(trades: Iterable[Trade]) -> int:
    """How many guards of what is held are on their way: asked for, or about to be."""
    return sum(
        _is_coming([o for o in trade.orders if o.leg == leg and (not o.goes_with or works(o, trade.orders))])
        for trade in trades
        for leg, level in (("stop", trade.stop), ("take_profit", trade.take_profit))
        if level is not None and trade.held > 0
    )


def _is_coming(guards: Sequence[Order]) -> bool:
    """None was asked for yet, or one that was does not rest yet; what the venue refused does not come."""
    standing = [order for order in guards if order.stands]
    return not any(order.rests for order in standing) if standing else not guards


def held(trade: Trade, balance: Balance, funding_usd: Decimal) -> Held:
    """One open position."""
    mark = next((p.mark for p in balance.positions if p.symbol == trade.symbol), trade.entry_price)
    return Held(
        venue=trade.venue,
        symbol=trade.symbol,
        quantity=trade.quantity,
        entry_price=trade.entry_price,
        mark=mark,
        unrealised_usd=trade.quantity * (mark - trade.entry_price),
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
    both = {symbol: (ours.get(symbol, ZERO), theirs.get(symbol, ZERO)) for symbol in {*ours, *theirs}}
    return {symbol: pair for symbol, pair in sorted(both.items()) if pair[0] != pair[1]}
