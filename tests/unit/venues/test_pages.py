"""Rows that come in pages are told once each, however many lie in one moment."""

from typing import Any

from strandloom.venues.hyperliquid import pages


class Shelf:
    """Answers like the venue: from a moment on, oldest first, at most so many."""

    def __init__(self, times: list[int], full: int) -> None:
        self._rows = [{"time": at, "number": n} for n, at in enumerate(times)]
        self._full = full
        self.asked = 0

    async def ask(self, kind: str, *, startTime: int) -> list[dict[str, Any]]:  # noqa: N803 - the venue's name
        self.asked += 1
        return [dict(row) for row in self._rows if row["time"] >= startTime][: self._full]


async def told(shelf: Shelf, full: int, start: int = 0) -> list[int]:
    return [row["number"] async for row in pages.since(shelf.ask, ("rows", full), start)]


async def test_what_stands_at_the_seam_of_two_pages_is_told_once() -> None:
    shelf = Shelf([1, 2, 3, 3, 3, 4, 5], 4)
    assert await told(shelf, 4) == [0, 1, 2, 3, 4, 5, 6]


async def test_one_page_that_is_not_full_is_the_last() -> None:
    shelf = Shelf([1, 2, 3], 4)
    assert await told(shelf, 4, 2) == [1, 2]
    assert shelf.asked == 1


async def test_a_full_page_of_one_moment_does_not_go_round_for_ever() -> None:
    shelf = Shelf([5, 5, 5, 5, 6], 2)
    assert (await told(shelf, 2, 5))[-1] == 4
