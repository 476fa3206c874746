"""Bars of the past by the name that a person gives them: the sample, files, or a venue of the store."""

from collections.abc import Sequence
from pathlib import Path

from strandloom.basics.errors import BadInput
from strandloom.market import minute as minutes
from strandloom.market import sample
from strandloom.market.bars import Bars
from strandloom.market.files.bringing import Wish, bring, refuse
from strandloom.market.filling import LONGEST_MINUTES
from strandloom.market.store import BarStore

SAMPLE = "sample"


def needs_store(data: str) -> bool:
    """Is it neither the sample nor files?"""
    return data != SAMPLE and not all(path.is_file() for path in _paths(data))


async def past(
    data: str, symbols: Sequence[str], store: BarStore | None, since: int | None = None
) -> Sequence[Bars]:
    """Every bar of those symbols; from the store only what minute `since` needs to look back on."""
    pieces = await _pieces(data, symbols, store, since)
    chosen = [piece for piece in pieces if piece.symbol in symbols]
    if not chosen:
        there = ", ".join(sorted({piece.symbol for piece in pieces})) or "nothing"
        raise BadInput(f"{data} has {there}; choose symbols among them")
    return chosen


async def _pieces(
    data: str, symbols: Sequence[str], store: BarStore | None, since: int | None
) -> Sequence[Bars]:
    if data == SAMPLE:
        return sample.load()
    if needs_store(data):
        return await _stored(data, symbols, store, since)
    wish = Wish()
    files = [bring(path, wish) for path in _paths(data)]
    refuse(files, wish)
    return [piece for one in files for piece in one.pieces]


async def _stored(
    venue: str, symbols: Sequence[str], store: BarStore | None, since: int | None
) -> Sequence[Bars]:
    held = [one for one in await store.held() if one.venue == venue] if store else []
    if store is None or not held:
        raise BadInput(
            f"{venue} is neither `sample`, nor a file, nor a venue of the store "
            "(`strandloom data list` shows those)"
        )
    first = minutes.of(min(one.first for one in held))
    if since is not None:
        first = max(first, since - LONGEST_MINUTES)
    end = minutes.of(max(one.last for one in held)) + 1
    wanted = [one.symbol for one in held if one.symbol in symbols]
    return [piece for symbol in wanted for piece in await store.read(venue, [symbol], first, end)]


def _paths(data: str) -> list[Path]:
    return [Path(name.strip()) for name in data.split(",")]
