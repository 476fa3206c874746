"""Puts the page together: headline, pictures, tables, and a word on how much to believe it."""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from strandloom.backtest.curve import Curve
from strandloom.backtest.learning import Learning
from strandloom.backtest.learnt import learnt
from strandloom.backtest.metrics.returns import monthly
from strandloom.backtest.page import pictures, tables
from strandloom.backtest.page.drawing import as_png, as_svg
from strandloom.backtest.page.wording import shown
from strandloom.backtest.result import Result
from strandloom.backtest.summary import Summary
from strandloom.backtest.trades import Trade

_HEADLINE = (
    ("result", "profit_usd", "USD earned"),
    ("result", "total_return", "total return"),
    ("buy_and_hold", "total_return", "buy and hold"),
    ("risk", "max_drawdown", "deepest drawdown"),
    ("risk", "sharpe", "Sharpe"),
    ("confidence", "deflated_sharpe", "better than luck"),
    ("trading", "trades", "trades"),
    ("trading", "win_rate", "won"),
)
_SECTIONS = {
    "result": "Result",
    "risk": "Risk",
    "confidence": "How sure",
    "trading": "Trading",
    "costs": "Costs",
    "buy_and_hold": "Buy and hold",
    "span": "What was replayed",
}


_FOOTER = "<footer>Made by Strandloom. All the data is in the folder of this page.</footer>"


def page(
    result: Result,
    line: Curve,
    closed: Sequence[Trade],
    summary: Summary,
    learning: Learning | None = None,
) -> str:
    """The whole page as text."""
    span = summary.span
    name = f"Backtest of {span['data']}: {span['symbols'].replace(',', ', ')}"
    dates = f"{span['from']:%d %B %Y, %H:%M} to {span['to']:%d %B %Y, %H:%M} UTC"
    style = files("strandloom.backtest.page").joinpath("style.css").read_text(encoding="utf-8")
    body = "\n".join((*_body(result, line, closed, summary), *_lessons(learning), _FOOTER))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(name)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{style}</style></head>'
        f"<body><main><h1>{escape(name)}</h1><p class=soft>{dates}</p>{body}</main></body></html>\n"
    )


def _body(result: Result, line: Curve, closed: Sequence[Trade], summary: Summary) -> Iterator[str]:
    sections = summary.sections()
    yield f"<div class=head>{''.join(_tile(sections, *each) for each in _HEADLINE)}</div>"
    yield from _warnings(summary)
    cash = float(result.terms.cash_usd)
    drawn = as_svg(pictures.equity(line, cash, summary.risk["trading_ended_at"]))
    months = tables.months(monthly(line.minute, line.equity, cash))
    yield f"<h2>Equity</h2><div class='card pic'>{drawn}</div>"
    yield f"<h2>Month by month</h2><div class=card>{months}</div>"
    yield "<h2>In numbers</h2><div class=cards>"
    yield from (tables.figures(title, sections[name]) for name, title in _SECTIONS.items())
    yield "</div><h2>Trades on candles</h2>"
    for symbol in result.market.symbols:
        mine = [trade for trade in closed if trade.symbol == symbol]
        yield f"<div class='card pic'>{as_png(pictures.candles(result.market, symbol, mine))}</div>"
    yield "<p class=soft>▲ bought, ▼ sold, a line to the exit; green earned after costs, red lost.</p>"
    yield "<div class=two><div><h2>Refused, by rule</h2><div class=card>"
    yield f"{tables.bars(summary.refusals)}</div></div><div><h2>What trading cost</h2><div class=card>"
    yield f"{tables.bars(_costs(summary), ' USD')}</div></div></div>"
    yield f"<h2>What was learnt</h2><div class=card>{tables.learnt(learnt(result))}</div>"
    yield "<p class=soft>Every forecast, traded or not, followed to its end; net of modelled costs. "
    yield "Grey: fewer than 20 blocks of outcomes, so nothing is known yet.</p>"
    yield f"<h2>Trades</h2><div class=card>{tables.trades(closed)}</div>"


def _lessons(learning: Learning | None) -> Iterator[str]:
    """Only where it was asked what was learnt."""
    if learning is not None:
        yield f"<h2>Lessons</h2><div class=card>{tables.lessons(learning)}</div>"
        yield "<div class=cards>"
        yield tables.figures("With lessons and without", learning.figures)
        yield "</div>"


def _tile(sections: dict[str, dict[str, Any]], section: str, name: str, words: str) -> str:
    return f"<div><b>{escape(shown(name, sections[section][name]))}</b><span>{escape(words)}</span></div>"


def _warnings(summary: Summary) -> Iterator[str]:
    """What a reader must know before believing a number."""
    ended, days = summary.risk["trading_ended_at"], summary.confidence["days"]
    if ended is not None:
        when = f"{ended:%Y-%m-%d %H:%M} UTC"
        yield f"<p class=warn>The drawdown limit latched at {when}: nothing was opened after it.</p>"
    if days < 90:
        yield f"<p class=soft>{days} days are far too few to judge a strategy by.</p>"
    if summary.trading["probes"] and summary.trading["probes"] == summary.trading["trades"]:
        yield (
            "<p class=soft>Every trade was a probe, as small as the venue allows: the evidence did not show "
            "an edge after costs, and without one nothing larger is opened.</p>"
        )


def _costs(summary: Summary) -> dict[str, float]:
    costs = summary.costs
    return {
        "fees": float(costs["fees_usd"]),
        "slippage": float(costs["slippage_usd"]),
        "funding": -float(costs["funding_usd"]),
    }
