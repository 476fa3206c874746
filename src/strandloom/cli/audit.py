"""`strandloom audit`: does everything hold that must hold?"""

import asyncio
from collections.abc import Sequence

import typer

from strandloom import wiring
from strandloom.blackboard.audit import SHOWN, Check, Finding, all_checks
from strandloom.cli import ending, given, show

Result = tuple[Check, Sequence[Finding]]


def audit(as_json: show.AsJson = False) -> None:
    """Check everything that must hold whatever happened.  Exit code 1 when something does not.

    It reads, and changes nothing; the service may go on running.
    """
    results = asyncio.run(_results())
    rows = [
        {"check": check.name, "holds": not found, "violations": _count(found), "what": check.sentence}
        for check, found in results
    ]
    if as_json:
        show.record({check.name: len(found) for check, found in results}, as_json=True)
    else:
        show.table(rows, as_json=False)
        for check, found in results:
            for each in found:
                show.sentence(f"{check.name}: {each.subject}: {each.problem}")
    if any(found for _, found in results):
        raise typer.Exit(ending.ANSWER_IS_NO)


async def _results() -> list[Result]:
    async with wiring.store(given.settings()) as database:
        return [(check, await check.run(database)) for check in all_checks()]


def _count(found: Sequence[Finding]) -> str | int:
    return f"{SHOWN} or more" if len(found) >= SHOWN else len(found)
