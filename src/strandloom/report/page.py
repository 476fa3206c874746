"""The report of a day as one HTML file that needs nothing else: readable, printable, and never a script."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1c2733}
h1{font-size:1.5rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 .4rem}
p.lead{color:#566573;margin:.2rem 0 1.5rem}table{border-collapse:collapse;width:100%}
td,th{padding:.3rem .6rem;border-bottom:1px solid #e3e8ee;text-align:left}
th{color:#566573;font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.cards{display:flex;flex-wrap:wrap;gap:.8rem}.card{flex:1 1 9rem;border:1px solid #e3e8ee;border-radius:.5rem;
padding:.6rem .8rem}.card b{display:block;font-size:1.25rem}.card span{color:#566573;font-size:.85rem}
.plus{color:#137a4b}.minus{color:#b3261e}p.none{color:#8795a5}
@media(prefers-color-scheme:dark){body{background:#12171d;color:#dde4ec}td,th,.card{border-color:#2b3642}}
"""


def page(report: Mapping[str, Any], words: str = "") -> str:
    """`report` is what `day.as_json` gives; `words` is the text that a writer made of it, if any."""
    title, span = f"Report of {report['date']}", f"{report['since']} to {report['until']}, market time"
    parts = [
        f"<h1>{title}</h1><p class=lead>{escape(span)}</p>",
        f"<p>{escape(words)}</p>" if words else "",
        _cards(report),
        _section("Why plans were refused", _counts(report["blocks"], "rule", "refusals")),
        _section("Patterns that earned most", _table(report["patterns"]["best"])),
        _section("Patterns that cost most", _table(report["patterns"]["worst"])),
        _section("Best plans", _table(report["plans"]["best"])),
        _section("Worst plans", _table(report["plans"]["worst"])),
        _section("Signals that came true", _table(report["signals"]["best"])),
        _section("Signals that did not", _table(report["signals"]["worst"])),
        _section("Data quality", _quality(report["data_quality"])),
    ]
    head = f"<meta charset=utf-8><title>{title}</title><style>{_STYLE}</style>"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{''.join(parts)}</body></html>\n"


def _cards(report: Mapping[str, Any]) -> str:
    risk, execution, decided = report["risk_budget"], report["execution"], report["decisions"]
    cards = [
        (_money(report["pnl"]), "result, fees and funding included"),
        (f"{report['trade_count']}", f"trades closed, {report['won']} won"),
        (f"{decided['plans']}", f"plans: {decided['approved']} approved, {decided['refused']} refused"),
        (_number(execution["cost_bps"], " bps"), f"cost of {execution['orders']} orders"),
        (_number(risk["equity"], " USD"), f"equity; {_number(risk['claimed'], ' USD')} at risk"),
    ]
    return f"<div class=cards>{''.join(map(_card, cards))}</div>"


def _card(card: tuple[str, str]) -> str:
    return f"<div class=card><b>{card[0]}</b><span>{escape(card[1])}</span></div>"


def _section(title: str, content: str) -> str:
    return f"<h2>{title}</h2>{content or '<p class=none>none</p>'}"


def _table(lines: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        f"<tr><td>{escape(line['name'])}</td><td class=n>{line['count']}</td>"
        f"<td class=n>{_number(line['mean_bps'], '')}</td><td class=n>{_money(line['usd'])}</td></tr>"
        for line in lines
    ]
    head = "<tr><th>name<th class=n>count<th class=n>mean bps<th class=n>USD</tr>"
    return f"<table>{head}{''.join(rows)}</table>" if rows else ""


def _counts(counts: Mapping[str, int], name: str, count: str) -> str:
    rows = [f"<tr><td>{escape(key)}</td><td class=n>{value}</td></tr>" for key, value in counts.items()]
    return f"<table><tr><th>{name}<th class=n>{count}</tr>{''.join(rows)}</table>" if rows else ""


def _quality(problems: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        f"<tr><td>{escape(one['problem'])}</td><td>{escape(', '.join(one['symbols']))}</td>"
        f"<td class=n>{one['bars']}</td></tr>"
        for one in problems
    ]
    return f"<table><tr><th>problem<th>symbols<th class=n>bars</tr>{''.join(rows)}</table>" if rows else ""


def _money(value: float | None) -> str:
    if value is None:
        return "–"
    colour = "minus" if value < 0 else "plus"
    return f"<span class={colour}>{value:+,.2f} USD</span>"


def _number(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:,.2f}{unit}"
