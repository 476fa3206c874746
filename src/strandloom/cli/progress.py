"""A progress bar on a terminal, silence elsewhere."""

import sys
from types import TracebackType
from typing import Any, Self


class Progress:
    """`with Progress("importing", total) as progress: progress.advance(n)`."""

    def __init__(self, what: str, total: int, *, quiet: bool = False) -> None:
        self._bar: Any = None
        self._what, self._total = what, total
        self._shown = sys.stderr.isatty() and not quiet

    def __enter__(self) -> Self:
        if self._shown:
            from rich import progress
            from rich.console import Console

            self._bar = progress.Progress(
                progress.TextColumn("{task.description}"),
                progress.BarColumn(),
                progress.MofNCompleteColumn(),
                progress.TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._bar.add_task(self._what, total=self._total)
        return self

    def advance(self, by: int) -> None:
        """So much more is done."""
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0], by)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
