"""How long nothing can happen to an account of the built-in exchange, looked at over many minutes at once.

Careful rather than exact: too early costs a look, too late would tell of a fill after its minute, although
the exchange itself lives through every minute afterwards.
"""

from collections.abc import Iterable

import numpy as np

from strandloom.blackboard.desk import Ahead
from strandloom.exchange.account import Account, Stake
from strandloom.exchange.asset import MICRO
from strandloom.exchange.market import Market
from strandloom.indicators.frame import Flags, Floats

SPARE = 0.5  # of the account's value: with more exposure than that every minute is looked at
TICK = 1.0  # rounding to ticks may move a price by half of one


def calm_until(account: Account, markets: list[Market], ahead: Ahead, stop: int, cash_usd: float) -> int:
    """The first minute before `stop` in which an order could trade, fire, or the account be in danger."""
    minutes = stop - ahead.first
    if minutes <= 0:
        return ahead.first
    stirs = np.zeros(minutes, dtype=np.bool_)
    exposed = 0.0
    for stake in account.stakes.values():
        if stake.idle:
            continue
        market = markets[stake.asset]
        if market.asset.name not in ahead.symbols:
            return ahead.first
        low, high = _range(market, ahead, minutes)
        stirs |= _touched(stake, low, high) | ~np.isfinite(low)
        exposed += abs(stake.szi) * float(np.nanmax(high, initial=0.0)) / MICRO
    if exposed > SPARE * cash_usd:
        return ahead.first
    found = stirs.argmax()
    return ahead.first + (int(found) if stirs[found] else minutes)


def _range(market: Market, ahead: Ahead, minutes: int) -> tuple[Floats, Floats]:
    """Lowest and highest of price and mark in ticks; where the mark stands apart, both count."""
    row, whole = ahead.symbols.index(market.asset.name), market.asset.whole
    low, high, close, mark = (ahead.column(name)[row, :minutes] for name in ("low", "high", "close", "mark"))
    basis = np.where(np.isfinite(mark), mark - close, 0.0)
    return (
        (low + np.minimum(basis, 0.0)) * whole - 2 * TICK,
        (high + np.maximum(basis, 0.0)) * whole + 2 * TICK,
    )


def _touched(stake: Stake, low: Floats, high: Floats) -> Flags:
    reached = np.zeros(low.size, dtype=np.bool_)
    for falls, price in _levels(stake):
        reached |= (low <= price) if falls else (high >= price)
    return reached


def _levels(stake: Stake) -> Iterable[tuple[bool, int]]:
    """Every price that would do something, and whether it is reached by falling."""
    for order in stake.orders.values():
        yield order.is_buy, order.px
    for order in stake.triggers.values():
        yield order.fires_below, order.trigger_px
