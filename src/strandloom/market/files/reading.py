"""Reads parquet, CSV and CSV.gz as columns, keeping track of which line each row came from."""

import csv
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
from numpy.typing import NDArray

from strandloom.basics.errors import BadInput
from strandloom.market.bars import Floats
from strandloom.market.files.columns import Layout, by_position, detect
from strandloom.market.files.stamps import Column, milliseconds


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a file says, before anything is judged."""

    path: Path
    table: pa.Table
    layout: Layout
    unit: str
    time_ms: NDArray[np.int64]
    has_heading: bool

    @property
    def rows(self) -> int:
        return self.table.num_rows

    def field(self, name: str) -> Floats:
        """A column as numbers; what is none is NaN."""
        return _floats(self.table[self.layout.fields[name]])

    @cached_property
    def symbols(self) -> NDArray[np.str_] | None:
        """The symbol of each row, where the file has such a column."""
        column = self.layout.by_role.get("symbol")
        return None if column is None else np.array(self.table[column].to_pylist(), dtype=np.str_)

    @cached_property
    def filled(self) -> NDArray[np.bool_]:
        """Which bars were made flat, where the file says so."""
        column = self.layout.by_role.get("filled")
        if column is None:
            return np.zeros(self.rows, dtype=np.bool_)
        return np.array([value in (True, 1, "true", "True", "1") for value in self.table[column].to_pylist()])

    def line(self, row: int) -> int:
        """Where a person finds that row; the rows of a parquet file count from 1."""
        return row + 1 if self.path.suffix == ".parquet" else self._lines[row]

    @cached_property
    def _lines(self) -> list[int]:
        with _opened(self.path) as file:
            told = [number for number, line in enumerate(file, 1) if line.strip()]
        return told[1:] if self.has_heading else told


def read(path: Path, said: Mapping[str, str] | None = None, unit: str | None = None) -> Content:
    """Everything in the file; refuses what is no table of bars."""
    if not path.is_file():
        raise BadInput(f"{path} is not a file")
    try:
        table, has_heading = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError, EOFError) as error:
        raise BadInput(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    if not table.num_rows:
        raise BadInput(f"{path} has no rows")
    layout = detect(table.column_names, said)
    time_ms, found = milliseconds(table[layout.time], unit)
    return Content(
        path=path, table=table, layout=layout, unit=found, time_ms=time_ms, has_heading=has_heading
    )


def _parquet(path: Path) -> tuple[pa.Table, bool]:
    return parquet.read_table(path), True


def _csv(path: Path) -> tuple[pa.Table, bool]:
    dialect, heading = _look(path)
    names = None if _is_heading(heading) else by_position(len(heading))
    table = arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(column_names=names),
        parse_options=arrow_csv.ParseOptions(delimiter=dialect, ignore_empty_lines=True),
        convert_options=arrow_csv.ConvertOptions(strings_can_be_null=True),
    )
    return table, names is None


def _look(path: Path) -> tuple[str, list[str]]:
    """The separator and the cells of the first line."""
    with _opened(path) as file:
        first = file.readline()
    separator = max(",;\t|", key=first.count)
    return separator, next(csv.reader([first], delimiter=separator), [])


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _is_heading(cells: list[str]) -> bool:
    return not any(_is_number(cell) for cell in cells)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _floats(column: Column) -> Floats:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return np.array([_number(cell) for cell in column.to_pylist()], dtype=np.float64)
    numbers: Any = pc.cast(column, pa.float64(), safe=False)
    filled: Any = pc.fill_null(numbers, float("nan"))
    values: Floats = filled.to_numpy()
    return values


def _number(cell: str | None) -> float:
    return float(cell) if cell is not None and _is_number(cell) else float("nan")
