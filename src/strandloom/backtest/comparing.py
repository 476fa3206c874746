"""Two backtests side by side: every figure of both, and what lies between them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from strandloom.backtest.saving import SUMMARY
from strandloom.basics.errors import BadInput

Sections = Mapping[str, Mapping[str, Any]]


def load(folder: Path) -> Sections:
    """The figures of a finished backtest."""
    path = folder / SUMMARY
    if not path.is_file():
        raise BadInput(f"{folder} holds no {SUMMARY}; name the folder of a finished backtest")
    read: Sections = json.loads(path.read_text(encoding="utf-8"))
    return read


def compare(one: Sections, other: Sections) -> Iterator[dict[str, Any]]:
    """A row per figure that either of them has, in the order of the first."""
    for section in dict.fromkeys([*one, *other]):
        left, right = one.get(section, {}), other.get(section, {})
        for name in dict.fromkeys([*left, *right]):
            a, b = left.get(name), right.get(name)
            yield {"section": section, "figure": name, "a": a, "b": b, "b_less_a": _difference(a, b)}


def _difference(a: Any, b: Any) -> float | None:
    """Of numbers, and of money, which is kept as text."""
    try:
        return float(b) - float(a)
    except (TypeError, ValueError):
        return None
