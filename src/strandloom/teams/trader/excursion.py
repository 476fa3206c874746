"""The worst and the best price that a position has seen, over all minutes since it was opened; pure."""

from datetime import datetime, timedelta
from decimal import Decimal

from strandloom.blackboard.desk import Market
from strandloom.teams.trader.trade import Trade

MINUTE = timedelta(minutes=1)


def excursion(trade: Trade, market: Market, now: datetime) -> tuple[Decimal, Decimal] | None:
    """None where nothing changed."""
    minutes = -((trade.opened_at - now) // MINUTE)
    if trade.symbol not in market.symbols or minutes <= 0:
        return None
    row, bars = market.symbols.index(trade.symbol), market.bars()
    lows, highs = ([x for x in column[row, -minutes:].tolist() if x == x] for column in (bars.low, bars.high))
    return further(trade, min(lows), max(highs)) if lows and highs else None


def further(trade: Trade, low: float, high: float) -> tuple[Decimal, Decimal] | None:
    """The worst and the best so far with these prices; None where nothing changed."""
    lowest, highest = Decimal(repr(low)), Decimal(repr(high))
    bad, good = (lowest, highest) if trade.buys else (highest, lowest)
    pick_bad, pick_good = (min, max) if trade.buys else (max, min)
    worst = bad if trade.worst is None else pick_bad(trade.worst, bad)
    best = good if trade.best is None else pick_good(trade.best, good)
    return None if (worst, best) == (trade.worst, trade.best) else (worst, best)
