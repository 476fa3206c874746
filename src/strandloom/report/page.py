"""The report of a day as one HTML file that needs nothing else: readable, printable, and never a script."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from importlib.resources import files
from typing import Any


def page(report: Mapping[str, Any], words: str = "") -> str:
    """`report` is what `day.as_json` gives; `words` is the text that a writer made of it, if any."""
    title, span = f"Report of {report['date']}", f"{_when(report['since'])} to {_when(report['until'])} UTC"
    style = files("strandloom.report").joinpath("style.css").read_text(encoding="utf-8")
    best_and_worst = (
        ("Patterns that earned most", report["patterns"]["best"]),
        ("Patterns that cost most", report["patterns"]["worst"]),
        ("Best plans", report["plans"]["best"]),
        ("Worst plans", report["plans"]["worst"]),
        ("Signals that came true", report["signals"]["best"]),
        ("Signals that did not", report["signals"]["worst"]),
    )
    parts = [
        f"<h1>{title}</h1><p class=lead>{span}, market time</p>",
        f"<p>{escape(words)}</p>" if words else "",
        _cards(report),
        f"<div class=two>{''.join(_section(name, _table(lines)) for name, lines in best_and_worst)}",
        _section("Why plans were refused", _counts(report["blocks"], "rule", "refusals")),
        _section("Data quality", _quality(report["data_quality"])),
        "</div>",
    ]
    head = (
        f'<meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{style}</style>'
    )
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _cards(report: Mapping[str, Any]) -> str:
    risk, execution, decided = report["risk_budget"], report["execution"], report["decisions"]
    cards = [
        (_money(report["pnl"], " USD"), "result, fees and funding included"),
        (f"{report['trade_count']:,}", f"trades closed, {report['won']} won"),
        (f"{decided['plans']:,}", f"plans: {decided['approved']} approved, {decided['refused']} refused"),
        (_number(execution["cost_bps"], " bps", 1), f"cost of {execution['orders']} orders"),
        (_number(risk["equity"], " USD"), f"equity; {_number(risk['claimed'], ' USD')} at risk"),
    ]
    return f"<div class=cards>{''.join(map(_card, cards))}</div>"


def _card(card: tuple[str, str]) -> str:
    return f"<div class=card><b>{card[0]}</b><small>{escape(card[1])}</small></div>"


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content or '<p class=none>none</p>'}</section>"


def _table(lines: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        f"<tr><td>{escape(line['name'])}</td><td class=n>{line['count']:,}</td>"
        f"<td class=n>{_number(line['mean_bps'], '', 1)}</td><td class=n>{_money(line['usd'], '')}</td></tr>"
        for line in lines
    ]
    head = "<tr><th>name<th class=n>count<th class=n>mean bps<th class=n>USD</tr>"
    return f"<table>{head}{''.join(rows)}</table>" if rows else ""


def _counts(counts: Mapping[str, int], name: str, count: str) -> str:
    rows = [f"<tr><td>{escape(key)}</td><td class=n>{value:,}</td></tr>" for key, value in counts.items()]
    return f"<table><tr><th>{name}<th class=n>{count}</tr>{''.join(rows)}</table>" if rows else ""


def _quality(problems: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        f"<tr><td>{escape(one['problem'])}</td><td>{escape(', '.join(one['symbols']))}</td>"
        f"<td class=n>{one['bars']:,}</td></tr>"
        for one in problems
    ]
    return f"<table><tr><th>problem<th>symbols<th class=n>bars</tr>{''.join(rows)}</table>" if rows else ""


def _when(told: str) -> str:
    return f"{datetime.fromisoformat(told):%d %B %Y, %H:%M}"


def _money(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    shown = value if round(value, 2) else 0.0  # never a zero with a minus sign
    return f"<span class={'minus' if value < 0 else 'plus'}>{shown:+,.2f}{unit}</span>"


def _number(value: float | None, unit: str, digits: int = 2) -> str:
    return "–" if value is None else f"{value:,.{digits}f}{unit}"
