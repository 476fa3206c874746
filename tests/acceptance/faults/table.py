"""The fault table: every test says which line it proves, and the page is written from what the tests say."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Final, TypeVar

PAGE: Final = "docs/faults.md"
_HEAD: Final = """# What was broken on purpose

Each line is proved by the test that it names, with the Trader's own modules and the Hyperliquid venue
on the built-in exchange over HTTP and WebSocket. At the end of each it is checked that no order acted
twice, that no position was without a working stop for more than 60 seconds of the venue's time while the
venue answered, and that the books equal the venue to the cent. `scripts/docs` writes this page from the
tests; `scripts/long kill-points` kills the Trader at each of sixty points on the way of an order.

| what breaks | what comes of it | proved by |
|---|---|---|
"""
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page."""

    breaks: str
    then: str
    test: str


LINES: Final[dict[tuple[str, str], Line]] = {}  # by file and test: read twice, told once


def fault(breaks: str, then: str) -> Callable[[F], F]:
    """This test proves that line."""

    def noted(test: F) -> F:
        file = test.__module__.rsplit(".", 1)[-1]
        LINES[file, test.__name__] = Line(breaks, then, f"`{file}.py::{test.__name__}`")
        return test

    return noted


def page() -> str:
    """The page as the tests say it; reading them fills the table."""
    for module in sorted(one.name for one in iter_modules([str(Path(__file__).parent)])):
        if module.startswith("test_"):
            import_module(f"tests.acceptance.faults.{module}")
    lines = [LINES[name] for name in sorted(LINES, key=lambda name: name[0])]
    return _HEAD + "".join(f"| {line.breaks} | {line.then} | {line.test} |\n" for line in lines)
