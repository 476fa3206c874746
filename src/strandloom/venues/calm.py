"""How long nothing can happen to an account of the built-in exchange, looked at over many minutes at once.

Careful rather than exact: too early costs a look, too late would tell of a fill after its minute, although
the exchange itself lives through every minute afterwards.
"""

from collections.abc import Iterable

from strandloom.blackboard.desk import Ahead
from strandloom.exchange.account import Account
from strandloom.exchange.market import Market
from strandloom.indicators.frame import is_nothing

SPARE = 0.5  # of the account's value: with more exposure than that every minute is looked at
TICKS = 2  # rounding to ticks may move a price by half of one


def calm_until(account: Account, markets: list[Market], ahead: Ahead, stop: int, cash_usd: float) -> int:
    """The first minute before `stop` in which an order could trade, fire, or the account be in danger."""
    exposed_usd = 0.0
    for stake in account.stakes.values():
        if stake.idle:
            continue
        asset = markets[stake.asset].asset
        if asset.name not in ahead.symbols:
            return ahead.first
        near = stake.reach
        low = (max(near.bid, near.falls) + TICKS) / asset.whole
        high = (min(near.ask, near.rises) - TICKS) / asset.whole
        row, calm, top = ahead.symbols.index(asset.name), 0, 0.0
        for lowest, highest in _coming(ahead, row, stop - ahead.first):
            if not (low < lowest and highest < high):  # nor where it is not a number
                break
            calm, top = calm + 1, max(top, highest)
        stop = ahead.first + calm
        exposed_usd += abs(stake.szi) / asset.lots * top
    return ahead.first if exposed_usd > SPARE * cash_usd else stop


def _coming(ahead: Ahead, row: int, minutes: int) -> Iterable[tuple[float, float]]:
    """Lowest and highest of price and mark: both count.  A minute without a bar has no number."""
    lows, highs = (ahead.column(name)[row, :minutes].tolist() for name in ("low", "high"))
    mark = ahead.column("mark")
    if is_nothing(mark):
        return zip(lows, highs, strict=True)
    apart = (mark[row, :minutes] - ahead.column("close")[row, :minutes]).tolist()
    return [
        (low + away if away < 0 else low, high + away if away > 0 else high)
        for low, high, away in zip(lows, highs, apart, strict=True)
    ]
