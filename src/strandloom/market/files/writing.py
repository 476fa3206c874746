"""Writes bars as parquet, CSV or CSV.gz, in the layout that reading understands without being told."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from strandloom.basics.errors import BadInput
from strandloom.market.bars import FIELDS, Bars
from strandloom.market.minute import MINUTE_MS


def write(path: Path, table: pa.Table) -> None:
    """The table in the format that the name asks for."""
    try:
        if path.suffix == ".parquet":
            parquet.write_table(table, path, compression="zstd")
        elif path.suffix == ".csv":
            arrow_csv.write_csv(table, path)
        elif path.name.endswith(".csv.gz"):
            with pa.CompressedOutputStream(str(path), "gzip") as out:
                arrow_csv.write_csv(table, out)
        else:
            raise BadInput(f"{path.name}: write to .parquet, .csv or .csv.gz")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror or error}") from None


def of_bars(pieces: Sequence[Bars]) -> pa.Table:
    """One-minute bars, symbol after symbol."""
    names = [name for name in FIELDS if any(name in piece.columns for piece in pieces)]
    minute = np.concatenate([piece.minute for piece in pieces])
    symbols = np.concatenate([np.full(len(piece), piece.symbol) for piece in pieces])
    columns: dict[str, Any] = {"time_ms": minute * MINUTE_MS, "symbol": symbols}
    for name in names:
        values = [piece.columns.get(name, np.full(len(piece), np.nan)) for piece in pieces]
        columns[name] = pa.array(np.concatenate(values), from_pandas=True)
    columns["filled"] = np.concatenate([piece.filled for piece in pieces])
    return pa.table(columns)


def of_rows(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Longer bars as the store rolls them up."""
    return pa.Table.from_pylist([{"time": row["opened"], **_without(row, "opened")} for row in rows])


def _without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}
