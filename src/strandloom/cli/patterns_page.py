"""Writes `docs/patterns.md` from the rules and the rates measured on the sample: `scripts/docs`."""

from collections.abc import Iterator

import typer

from strandloom.indicators.features.catalogue import SENTENCES
from strandloom.teams.raw_data import team
from strandloom.teams.raw_data.base_rates import BaseRate, shipped
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.raw_data.rule import Rule

HEAD = """# Patterns

What the raw-data team looks for. Made by `scripts/docs` from the rules; the rates were measured by
`scripts/measure-patterns` on the month of BTC, ETH and SOL that ships with the package.  On candles:

    strandloom plot patterns --symbol BTC --day 2025-05-12 -o patterns.png

**How to read a rule.** A pattern has a *strength* in standard deviations; above zero points up, below down.
It begins when the strength goes beyond the threshold in the formula and ends when it has come back, when its
opposite begins, or when it was not renewed for a while. It is posted once when it begins (`raw_data:onset`),
again when its strength grows by half, and when it ends. One that points somewhere gets a forecast in the same
minute: entry at the open of the next minute, target and stop as far away as a walk of the present volatility
gets within the horizon, and a probability taken from the evidence for exactly this pattern, symbol,
timeframe, regime and session, shrunk towards its parents.

**How to read the rates.** *Per day* counts beginnings per symbol. *Net* is after fees, spread, slippage and
funding at the venue's prices; *gross* is before them, with its standard error over blocks of twice the
horizon, because outcomes that overlap are not independent. One month is little: most of these numbers are
noise, and nearly all patterns lose their costs. That is what the evidence is for: a forecast starts at what
is known, and nothing is claimed that was not earned. On prices that go nowhere none of them earns anything in
either direction; a test holds them to that.
"""


def text() -> str:
    """The whole page."""
    rates = {(rate.pattern, rate.timeframe): rate for rate in shipped()}
    sections = [line for detector in team.detectors() for line in _module(detector, rates)]
    return HEAD + "\n".join(sections) + "\n\n## Features\n\n" + "\n".join(_features()) + "\n"


def _module(detector: Detector, rates: dict[tuple[str, str], BaseRate]) -> Iterator[str]:
    yield f"\n## {detector.name}\n"
    timeframes: dict[str, list[str]] = {}
    rules: dict[str, Rule] = {}
    for source in detector.sources:
        for rule in source.rules:
            rules[rule.name] = rule
            timeframes.setdefault(rule.name, []).append(source.timeframe)
    for name, rule in rules.items():
        yield from _rule(rule, timeframes[name], rates)


def _rule(rule: Rule, timeframes: list[str], rates: dict[tuple[str, str], BaseRate]) -> Iterator[str]:
    yield f"### {rule.name}\n"
    yield f"{rule.sentence}\n"
    yield f"- Begins: {rule.formula}."
    yield f"- Points: {'up or down' if rule.directional else 'nowhere; it describes the market'}."
    yield f"- Matters for {rule.horizon_bars} bars of {', '.join(timeframes)}, at most a day."
    yield f"- Told along: {', '.join(f'`{name}`' for name in rule.quotes)}.\n"
    yield "| timeframe | per day | lasts, minutes | outcomes | blocks | won net | gross bps | net bps |"
    yield "|---|---|---|---|---|---|---|---|"
    for timeframe in timeframes:
        yield _row(timeframe, rates.get((rule.name, timeframe)))
    yield ""


def _row(timeframe: str, rate: BaseRate | None) -> str:
    if rate is None:
        return f"| {timeframe} | never on the sample | | | | | | |"
    error = f" ± {rate.gross_se_bps:.1f}" if rate.gross_se_bps is not None else ""
    cells = (
        timeframe,
        f"{rate.per_day:.2f}",
        f"{rate.lasts_min:.0f}",
        str(rate.outcomes or ""),
        str(rate.blocks or ""),
        "" if rate.won is None else f"{rate.won:.0%}",
        "" if rate.gross_bps is None else f"{rate.gross_bps:.1f}{error}",
        "" if rate.net_bps is None else f"{rate.net_bps:.1f}",
    )
    return "| " + " | ".join(cells) + " |"


def _features() -> Iterator[str]:
    yield "Every number that rules are made of, known at the close of a bar and rounded to six digits.\n"
    for name, sentence in SENTENCES.items():
        yield f"- `{name}`: {sentence}"


if __name__ == "__main__":
    typer.echo(text(), nl=False)
