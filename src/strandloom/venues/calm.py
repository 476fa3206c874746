"""How long nothing can happen to an account of the built-in exchange, looked at over many minutes at once.

Careful rather than exact: too early costs a look, too late would tell of a fill after its minute, although
the exchange itself lives through every minute afterwards.
"""

from itertools import takewhile

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
        coming = _coming(ahead, ahead.symbols.index(asset.name), stop - ahead.first)
        calm = list(takewhile(lambda prices: low < prices[0] and prices[1] < high, coming))  # noqa: B023
        stop = ahead.first + len(calm)
        exposed_usd += abs(stake.szi) / asset.lots * max([highest for _, highest in calm], default=0.0)
    return ahead.first if exposed_usd > SPARE * cash_usd else stop


def _coming(ahead: Ahead, row: int, minutes: int) -> list[tuple[float, float]]:
    """Lowest and highest of price and mark: both count.  A minute without a bar has no number."""
    mark = ahead.column("mark")
    names = ("low", "high") if is_nothing(mark) else ("low", "high", "close", "mark")
    prices = list(zip(*(ahead.column(name)[row, :minutes].tolist() for name in names), strict=True))
    if is_nothing(mark):
        return prices
    basis = [mark - close for _, _, close, mark in prices]
    return [
        (low + away if away < 0 else low, high + away if away > 0 else high)
        for (low, high, _, _), away in zip(prices, basis, strict=True)
    ]
