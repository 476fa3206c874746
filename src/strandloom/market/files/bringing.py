"""From files to bars that may be stored: everything is looked at before anything is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from strandloom.basics.errors import BadInput
from strandloom.market import sample
from strandloom.market.bars import Bars
from strandloom.market.files.checking import Problem, Told, check, gaps, shown, spacing
from strandloom.market.files.reading import Content, read
from strandloom.market.flat import fill

Gaps = Literal["keep", "fill", "refuse"]
SAMPLE = Path("sample")  # the shipped bars, unless there is a file of that name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a person wants files to be read and their problems to be treated."""

    venue: str = "imported"
    symbol: str | None = None
    columns: Mapping[str, str] | None = None
    unit: str | None = None
    told: Told | None = None
    repair: bool = False
    gaps: Gaps = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """One file: what was understood, found and made of it."""

    path: Path
    content: Content | None  # None: the sample, which needs no understanding
    pieces: Sequence[Bars]
    problems: Sequence[Problem]
    holes: Mapping[str, Sequence[tuple[int, int]]]

    @property
    def missing(self) -> int:
        """Minutes missing between first and last bar."""
        return sum(count for runs in self.holes.values() for _, count in runs)

    def refusals(self, wish: Wish) -> list[str]:
        """Why this file may not be stored as it is."""
        said = [] if wish.repair else [f"{self.path}: {problem}" for problem in self.problems]
        for piece in self.pieces:
            if (apart := spacing(piece)) != 1:
                said.append(
                    f"{self.path}: {piece.symbol} has bars {apart} minutes apart; import one-minute bars"
                )
        if wish.gaps == "refuse":
            said += [
                f"{self.path}: {symbol}: gap {shown(run)}"
                for symbol, runs in self.holes.items()
                for run in runs
            ]
        return said


def bring(path: Path, wish: Wish) -> Brought:
    """Read and judge one file."""
    if path == SAMPLE and not path.exists():
        return Brought(path=path, content=None, pieces=sample.load(), problems=(), holes={})
    content = read(path, wish.columns, wish.unit)
    checked = check(content, wish.venue, wish.symbol, wish.told)
    holes = {piece.symbol: gaps(piece) for piece in checked.pieces}
    whole = [fill(piece) for piece in checked.pieces] if wish.gaps == "fill" else checked.pieces
    return Brought(path=path, content=content, pieces=whole, problems=checked.problems, holes=holes)


def refuse(files: Sequence[Brought], wish: Wish) -> None:
    """Nothing is stored unless all of it may be."""
    said = [sentence for brought in files for sentence in brought.refusals(wish)]
    if said:
        raise BadInput(
            f"nothing was imported: {'; '.join(said[:10])}{' …' if len(said) > 10 else ''}. "
            "Mend the file, or add --repair to sort, widen and leave out (--gaps fill for gaps)"
        )


def columns_said(pairs: str | None) -> dict[str, str] | None:
    """`time=when,open=o` as a mapping."""
    if pairs is None:
        return None
    split = [pair.partition("=") for pair in pairs.split(",")]
    if not all(role and equals and column for role, equals, column in split):
        raise BadInput("--columns takes pairs, for example --columns time=when,open=first,close=last")
    return {role.strip(): column.strip() for role, _, column in split}
