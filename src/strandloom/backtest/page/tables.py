"""The tables of the page as HTML: figures, months, bars for counts, trades, and what was learnt."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from strandloom.backtest.learning import Learning
from strandloom.backtest.learnt import Learnt
from strandloom.backtest.page.wording import percent, shown, title, zeroless
from strandloom.backtest.trades import Trade

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHOWN = 200  # trades on the page; all of them are in trades.parquet
_KNOWN = 20  # blocks of outcomes from which on a mean is coloured


def figures(name: str, values: Mapping[str, Any]) -> str:
    """One section of the summary."""
    rows = "".join(
        f"<tr><th>{escape(title(key))}</th><td>{escape(shown(key, value))}</td></tr>"
        for key, value in values.items()
    )
    return f"<section class=card><h3>{escape(name)}</h3><table class=figures>{rows}</table></section>"


def months(returns: Mapping[tuple[int, int], float]) -> str:
    """Year by month, coloured by sign and size."""
    most = max((abs(value) for value in returns.values()), default=0.0) or 1.0
    head = "".join(f"<th>{month}</th>" for month in _MONTHS)
    body = ""
    for year in sorted({year for year, _ in returns}):
        cells = "".join(_month(returns.get((year, month)), most) for month in range(1, 13))
        body += f"<tr><th>{year}</th>{cells}</tr>"
    return f"<table class=months><tr><th></th>{head}</tr>{body}</table>"


def bars(counts: Mapping[str, float], unit: str = "") -> str:
    """Names with bars as long as their numbers."""
    most = max((abs(value) for value in counts.values()), default=0.0) or 1.0
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td class=bar><i class={'minus' if value < 0 else 'plus'} "
        f'style="width:{100 * abs(value) / most:.1f}%"></i></td><td>{_number(value)}{unit}</td></tr>'
        for name, value in counts.items()
    )
    return f"<table class=bars>{rows}</table>" if rows else "<p class=soft>none</p>"


def trades(closed: Sequence[Trade]) -> str:
    """The latest trades, newest first."""
    named = "opened closed symbol side pattern entry exit ended_by net_bps USD"
    head = f"<tr>{''.join(f'<th>{title(name)}' for name in named.split())}</tr>"
    rows = "".join(map(_trade, reversed(closed[-_SHOWN:])))
    note = f"<p class=soft>the newest {_SHOWN} of {len(closed)}</p>" if len(closed) > _SHOWN else ""
    return (
        f"<table class=trades>{head}{rows}</table>{note}"
        if closed
        else "<p class=soft>no trade was closed</p>"
    )


def learnt(rows: Iterable[Learnt]) -> str:
    """Patterns by what their forecasts were worth."""
    head = "<tr><th>pattern<th>outcomes<th>blocks<th>won net<th>gross bps<th>net bps<th>± se</tr>"
    body = "".join(
        f"<tr><th>{escape(row.pattern)}</th><td>{row.outcomes}</td><td>{row.blocks}</td><td>{row.won:.0%}</td>"
        f"<td>{row.gross_bps:+.1f}</td><td class={_worth(row)}>{row.net_bps:+.1f}</td>"
        f"<td>{f'{row.se_bps:.1f}' if row.blocks > 1 else '–'}</td></tr>"
        for row in rows
    )
    return f"<table class=learnt>{head}{body}</table>" if body else "<p class=soft>nothing was forecast</p>"


def lessons(learning: Learning) -> str:
    """What came into force, on what evidence, and what it was worth afterwards."""
    said = f"<p>{escape(learning.sentence)}</p>"
    if not learning.lessons:
        return said
    head = "".join(f"<th>{escape(title(name))}" for name in learning.lessons[0])
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(shown(name, value))}</td>' for name, value in row.items())}</tr>"
        for row in learning.lessons
    )
    return f"{said}<table class=trades><tr>{head}</tr>{body}</table>"


def _month(value: float | None, most: float) -> str:
    if value is None:
        return "<td></td>"
    share = 0.12 + 0.6 * min(abs(value) / most, 1.0)
    colour = "27,158,90" if value > 0 else "209,73,91"
    return f'<td style="background:rgba({colour},{share:.2f})">{percent(value, signed=True)}</td>'


def _trade(trade: Trade) -> str:
    cells = (
        f"{trade.opened_at:%Y-%m-%d %H:%M}",
        f"{trade.closed_at:%m-%d %H:%M}",
        trade.symbol,
        trade.side,
        trade.pattern + (" (probe)" if trade.exploration else ""),
        f"{trade.entry_price:.8g}",
        f"{trade.exit_price:.8g}",
        trade.ended_by,
    )
    plain = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    sign = _sign(trade.net_bps)
    results = (f"{trade.net_bps:+.1f}", f"{trade.realised_usd:+.4f}")
    return f"<tr>{plain}{''.join(f'<td class={sign}>{cell}</td>' for cell in results)}</tr>"


def _worth(row: Learnt) -> str:
    return _sign(row.net_bps) if row.blocks >= _KNOWN else "soft"


def _sign(value: float) -> str:
    return "minus" if value < 0 else "plus"


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{zeroless(value, 2):,.2f}"
