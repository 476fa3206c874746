"""Files as people have them: any column names, any unit of time, with or without a heading."""

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from strandloom.basics.errors import BadInput
from strandloom.market import minute as minutes
from strandloom.market import sample
from strandloom.market.bars import Bars
from strandloom.market.files.checking import Problem, check, gaps, spacing
from strandloom.market.files.reading import read
from strandloom.market.files.writing import of_bars, write
from strandloom.market.flat import fill

T = minutes.parse("2025-05-06T12:00")


def a_csv(tmp_path: Path, lines: list[str], name: str = "BTC-1m.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n")
    return path


def lines(times: list[str], heading: str | None = "time,open,high,low,close,volume") -> list[str]:
    rows = [f"{time},100,{101 + n},99,100.5,7" for n, time in enumerate(times)]
    return rows if heading is None else [heading, *rows]


def bars_of(path: Path, **said: str) -> Bars:
    (piece,) = check(read(path, said or None), "mine", None).pieces
    return piece


def found(path: Path) -> list[tuple[str, list[int]]]:
    return [(problem.what, list(problem.lines)) for problem in check(read(path), "mine", None).problems]


@pytest.mark.parametrize(
    ("times", "unit"),
    [
        ([str(T + n) for n in range(4)], "min"),
        ([str((T + n) * 60) for n in range(4)], "s"),
        ([str((T + n) * 60_000) for n in range(4)], "ms"),
        ([str((T + n) * 60_000_000) for n in range(4)], "us"),
        ([str((T + n) * 60_000_000_000) for n in range(4)], "ns"),
        ([f"{(T + n) * 60}.0" for n in range(4)], "s"),
        ([f"2025-05-06 12:0{n}:00" for n in range(4)], "timestamps"),
        ([f"2025-05-06T12:0{n}:00Z" for n in range(4)], "timestamps"),
        ([f"2025-05-06T14:0{n}:00+02:00" for n in range(4)], "timestamps"),
        ([f"2025-05-06 12:0{n}:00 UTC" for n in range(4)], "dates as text, UTC"),
    ],
)
def test_every_way_to_write_a_time_is_understood(tmp_path: Path, times: list[str], unit: str) -> None:
    path = a_csv(tmp_path, lines(times))
    assert read(path).unit == unit
    assert bars_of(path).minute.tolist() == [T + n for n in range(4)]


@pytest.mark.parametrize(
    "heading",
    [
        "Open Time,Open,High,Low,Close,Volume",
        "timestamp;o;h;l;c;v",
        "ts_ms\topen\thigh\tlow\tclose\tvol",
        "unix,OPEN_PRICE,HIGH_PRICE,LOW_PRICE,CLOSE_PRICE,Base Volume",
    ],
)
def test_columns_are_known_by_many_names_and_separators(tmp_path: Path, heading: str) -> None:
    separator = next(mark for mark in ",;\t" if mark in heading)
    rows = [line.replace(",", separator) for line in lines([str((T + n) * 60) for n in range(4)], None)]
    assert len(bars_of(a_csv(tmp_path, [heading, *rows]))) == 4


def test_a_file_without_a_heading_is_read_as_exchanges_write_it(tmp_path: Path) -> None:
    row = f"{T * 60_000},100,101,99,100.5,7,{T * 60_000 + 59_999},703.5,12"
    piece = bars_of(a_csv(tmp_path, [row]))
    assert piece.columns["trades"].tolist() == [12.0]
    assert piece.columns["quote_volume"].tolist() == [703.5]


def test_a_person_can_say_which_column_is_which(tmp_path: Path) -> None:
    path = a_csv(tmp_path, lines([str(T * 60)], "when,a,b,x,d,e"))
    with pytest.raises(BadInput, match=r"no column looks like time, open.*--columns time=NAME"):
        read(path)
    assert len(bars_of(path, time="when", open="a", high="b", low="x", close="d", volume="e")) == 1


def test_a_time_that_says_the_close_is_moved_to_the_open(tmp_path: Path) -> None:
    ends = [str((T + n + 1) * 60_000 - 1) for n in range(4)]
    assert bars_of(a_csv(tmp_path, lines(ends))).minute.tolist() == [T + n for n in range(4)]
    named = lines([str((T + n + 1) * 60_000) for n in range(4)], "close_time,open,high,low,close,volume")
    assert bars_of(a_csv(tmp_path, named)).minute.tolist() == [T + n for n in range(4)]


def test_the_symbol_comes_from_a_column_or_the_name_of_the_file(tmp_path: Path) -> None:
    assert bars_of(a_csv(tmp_path, lines([str(T)]))).symbol == "BTC"
    both = ["symbol,time,open,high,low,close,volume", f"ETH,{T},1,2,1,2,3", f"SOL,{T},1,2,1,2,3"]
    pieces = check(read(a_csv(tmp_path, both)), "mine", None).pieces
    assert [piece.symbol for piece in pieces] == ["ETH", "SOL"]
    with pytest.raises(BadInput, match="2 symbols"):
        check(read(a_csv(tmp_path, both)), "mine", "BTC")


def test_bad_rows_are_told_with_their_lines_also_behind_empty_lines(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path,
        [
            "time,open,high,low,close,volume",
            f"{T},100,101,99,100.5,7",
            "",
            f"{T + 1},100,,99,100.5,7",
            f"{T + 2},100,98,101,100,7",
            f"{T + 3},100,100,99,100.5,7",
            f"{T + 4},-1,101,-2,100.5,7",
        ],
    )
    assert found(path) == [
        ("a price or the volume is not a number", [4]),
        ("a price is not above 0, or the volume is below", [7]),
        ("high below low", [5]),
        ("open or close outside high and low", [6]),
    ]


def test_repairing_leaves_well_formed_bars(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path,
        [
            "time,open,high,low,close,volume",
            f"{T + 2},100,98,101,100,7",
            f"{T},100,101,99,100.5,7",
            f"{T + 1},100,100,99,100.5,7",
            f"{T},100,102,99,101.5,8",
            f"{T + 5},nan,102,99,101.5,8",
        ],
    )
    piece = bars_of(path)
    assert piece.minute.tolist() == [T, T + 1, T + 2]
    assert piece.columns["close"].tolist() == [101.5, 100.5, 100.0]
    assert piece.columns["high"].tolist() == [102.0, 100.5, 101.0]
    assert piece.columns["low"].tolist() == [99.0, 99.0, 98.0]


def test_disorder_and_repetition_are_told_with_their_lines(tmp_path: Path) -> None:
    path = a_csv(tmp_path, lines([str(T + n) for n in (0, 2, 1, 2, 3)]))
    assert found(path) == [
        ("BTC: not in order of time", [4]),
        ("BTC: a minute that comes again later", [3]),
    ]


def test_times_between_minutes_are_told(tmp_path: Path) -> None:
    path = a_csv(tmp_path, lines([str(T * 60), str(T * 60 + 61), "", str(T * 60 + 120)]))
    assert found(path) == [("no readable time", [4]), ("not on a full minute", [3])]


def test_a_problem_reads_like_a_sentence() -> None:
    problem = Problem(what="high below low", lines=range(2, 9), repair="exchanged")
    assert str(problem) == "high below low: lines 2, 3, 4, 5, 6 and 2 more"


def test_holes_are_found_and_can_be_filled_flat() -> None:
    whole = sample.load(["BTC"])[0].take(slice(0, 10))
    holed = whole.take(np.array([0, 1, 2, 6, 7, 9]))
    first = int(whole.minute[0])
    assert gaps(holed) == [(first + 3, 3), (first + 8, 1)]
    full = fill(holed)
    assert full.minute.tolist() == whole.minute.tolist()
    assert full.filled.tolist() == [False] * 3 + [True] * 3 + [False] * 2 + [True, False]
    assert full.columns["open"][3] == full.columns["close"][5] == holed.columns["close"][2]
    assert full.columns["volume"][4] == 0
    assert full.columns["close"][6] == whole.columns["close"][6]


def test_other_timeframes_can_be_told_apart() -> None:
    bars = sample.load(["BTC"])[0].take(slice(0, 100, 5))
    assert spacing(bars) == 5


@pytest.mark.parametrize("name", ["x.parquet", "x.csv", "x.csv.gz"])
def test_what_is_written_is_read_again_to_the_last_digit(tmp_path: Path, name: str) -> None:
    pieces = [piece.take(slice(0, 500)) for piece in sample.load(["BTC", "ETH"])]
    write(tmp_path / name, of_bars(pieces))
    again = check(read(tmp_path / name), "sample", None)
    assert again.problems == []
    for left, right in zip(pieces, again.pieces, strict=True):
        assert left.minute.tolist() == right.minute.tolist()
        for column in left.columns:
            assert np.array_equal(left.columns[column], right.columns[column], equal_nan=True), column


def test_a_parquet_file_counts_its_rows_from_one(tmp_path: Path) -> None:
    table = of_bars([sample.load(["BTC"])[0].take(slice(0, 3))])
    close = table.column_names.index("close")
    holed = table.set_column(close, "close", pa.array([1.0, None, 2.0]))
    parquet.write_table(holed, tmp_path / "x.parquet")
    assert ("a price or the volume is not a number", [2]) in found(tmp_path / "x.parquet")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.csv", None, "is not a file"),
        ("empty.csv", b"", "cannot be read: Empty"),
        ("heading.csv", b"time,open,high,low,close,volume\n", "has no rows"),
        ("broken.parquet", b"PAR1 nothing", "cannot be read"),
        ("broken.csv.gz", b"not gzip", "cannot be read"),
        ("ragged.csv", b"time,open,high,low,close,volume\n1,2\n", "cannot be read"),
        ("narrow.csv", b"1,2,3\n", "only 3 columns"),
    ],
)
def test_what_is_no_table_of_bars_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=says):
        read(path)


def test_a_gzipped_file_is_read_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "BTC.csv.gz"
    path.write_bytes(gzip.compress("\n".join(lines([str(T)])).encode()))
    assert bars_of(path).minute.tolist() == [T]
