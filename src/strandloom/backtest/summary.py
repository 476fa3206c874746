"""The figures of one backtest as plain numbers: what `summary.json` holds and `compare` lays side by side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np

from strandloom.backtest.curve import Curve, traded_usd
from strandloom.backtest.metrics import bootstrap, drawdown, of_trades, ratios, returns
from strandloom.backtest.result import Result
from strandloom.backtest.trades import Trade
from strandloom.backtest.trials import Trials, deflated
from strandloom.indicators.frame import Floats
from strandloom.kinds.decision import HaltOrder, Refusal
from strandloom.market import minute as minutes

LATCHED = "drawdown"  # the limit that only a person releases
MINUTES_PER_HOUR = 60
CENT = 0.01  # what is worth less is rounding
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Sections of named figures, in the order in which people read them."""

    span: Figures
    result: Figures
    risk: Figures
    confidence: Figures
    trading: Figures
    costs: Figures
    buy_and_hold: Figures
    refusals: Figures

    def sections(self) -> dict[str, Figures]:
        """All of it."""
        return {name: getattr(self, name) for name in self.__slots__}


def summary(result: Result, line: Curve, closed: Sequence[Trade], trials: Trials) -> Summary:
    """Everything that can be said in numbers."""
    cash = float(result.terms.cash_usd)
    days = returns.daily(line.minute, line.equity, cash)
    still = returns.daily(line.minute, line.held_still, cash)
    return Summary(
        span=_span(result),
        result=_came_to(days, line.equity, cash),
        risk=_risk(days, line.equity, cash) | {"trading_ended_at": ended_at(result)},
        confidence=_confidence(days, trials),
        trading=_trading(result, line, closed),
        costs=_costs(result, closed),
        buy_and_hold=_came_to(still, line.held_still, cash) | _risk(still, line.held_still, cash),
        refusals=refusals(result),
    )


def ended_at(result: Result) -> datetime | None:
    """When the drawdown limit latched: from then on nothing was opened."""
    return next((strand.at for strand, body in result.said(HaltOrder) if body.rule == LATCHED), None)


def refusals(result: Result) -> dict[str, int]:
    """Rule → plans that failed it, the most frequent first; one plan may fail several."""
    counted = Counter(answer.rule for _, body in result.said(Refusal) for answer in body.failed)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _span(result: Result) -> Figures:
    market = result.market
    return {
        "data": market.venue,
        "symbols": ",".join(market.symbols),
        "from": minutes.opens(market.start),
        "to": minutes.opens(market.stop),
        "minutes": market.minutes,
        "missing_bars": int(np.count_nonzero(~market.known)),
        "costs": result.terms.costs.name,
        "cash_usd": result.terms.cash_usd,
    }


def _came_to(days: Floats, equity: Floats, cash: float) -> Figures:
    return {
        "equity_usd": _cents(equity[-1]),
        "profit_usd": _cents(equity[-1] - cash),
        "total_return": returns.total(days),
        "annualised_return": returns.annualised(days),
    }


def _risk(days: Floats, equity: Floats, cash: float) -> Figures:
    whole = np.concatenate([[cash], equity])
    return {
        "sharpe": ratios.sharpe(days),
        "sortino": ratios.sortino(days),
        "calmar": ratios.calmar(days),
        "annual_volatility": ratios.volatility(days),
        "max_drawdown": drawdown.deepest(whole),
        "max_drawdown_hours": drawdown.longest(whole) / MINUTES_PER_HOUR,
    }


def _confidence(days: Floats, trials: Trials) -> Figures:
    """Nine tenths of resampled histories lie between; the deflated Sharpe ratio is a probability."""
    return {
        "days": int(days.size),
        "sharpe_90": bootstrap.interval(days, ratios.sharpe),
        "total_return_90": bootstrap.interval(days, returns.total),
        "max_drawdown_90": bootstrap.interval(days, _depth),
        "trials": trials.count,
        "deflated_sharpe": deflated(days, trials),
    }


def _depth(days: Floats) -> float:
    return drawdown.deepest(np.concatenate([[1.0], np.cumprod(1.0 + days)]))


def _trading(result: Result, line: Curve, closed: Sequence[Trade]) -> Figures:
    earned = np.array([float(trade.realised_usd) for trade in closed])
    traded = traded_usd(result.fills)
    return {
        "trades": len(closed),
        "probes": sum(trade.exploration for trade in closed),
        "win_rate": of_trades.win_rate(earned),
        "profit_factor": of_trades.profit_factor(earned),
        "mean_net_bps": float(np.mean([trade.net_bps for trade in closed])) if closed else None,
        "exposure": float(np.mean(line.gross > CENT)),  # share of minutes with a position
        "mean_gross_of_equity": float(np.mean(line.gross / line.equity)),
        "turnover": traded / float(result.terms.cash_usd),
        "fills": len(result.fills),
        "ambiguous_fills": of_trades.share([fill.ambiguous for fill in result.fills]),
        "liquidations": sum(fill.liquidation for fill in result.fills),
        "still_open": int(line.gross[-1] > CENT),
    }


def _costs(result: Result, closed: Sequence[Trade]) -> Figures:
    fees = sum((fill.fee_usd for fill in result.fills), Decimal(0))
    funding = sum((paid.usd for paid in result.fundings), Decimal(0))
    return {
        "fees_usd": fees,
        "funding_usd": funding,  # below zero: paid
        "slippage_usd": sum((trade.slippage_usd for trade in closed), Decimal(0)),
        "fees_bps_of_turnover": float(fees) / traded * 1e4 if (traded := traded_usd(result.fills)) else None,
    }


def _cents(value: float) -> float:
    return round(float(value), 6)
