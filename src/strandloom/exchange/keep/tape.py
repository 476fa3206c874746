"""A snapshot and a journal as two files of a directory, safe against `kill -9` at any moment."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from strandloom.basics.errors import Halt

_HEAD = struct.Struct(">QII")  # number, length, checksum


class Kept(NamedTuple):
    """What was found: the snapshot (or None), and the records after it."""

    snapshot: bytes | None
    records: list[bytes]


class Tape:
    """`append` before the reply leaves; `replace` now and then, so that the journal stays short.

    `durable` also waits for the disk at each append: safe against power loss, and a hundred times slower.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._snapshot, self._journal = folder / "snapshot.bin", folder / "journal.bin"
        self._durable = durable
        self._number = 0
        self._file = self._journal.open("ab")

    def load(self) -> Kept:
        """Read everything and be ready to append; a torn last record is cut off, as it was never answered."""
        snapshot, number = self._read_snapshot()
        records: list[bytes] = []
        end = 0
        for at, record_number, record in _records(self._journal.read_bytes()):
            end = at
            if record_number > number:
                if record_number != number + len(records) + 1:
                    raise Halt(f"{self._journal}: record {record_number} does not follow the snapshot")
                records.append(record)
        os.truncate(self._journal, end)
        self._number = number + len(records)
        return Kept(snapshot, records)

    def append(self, record: bytes) -> None:
        """One more command."""
        self._number += 1
        self._file.write(_HEAD.pack(self._number, len(record), crc32(record)) + record)
        self._file.flush()
        if self._durable:
            os.fsync(self._file.fileno())

    def replace(self, snapshot: bytes) -> None:
        """Everything appended so far is in this snapshot."""
        fresh = self._snapshot.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(_HEAD.pack(self._number, len(snapshot), crc32(snapshot)) + snapshot)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._snapshot)
        self._file.close()
        self._file = self._journal.open("wb")

    def close(self) -> None:
        self._file.close()

    def _read_snapshot(self) -> tuple[bytes | None, int]:
        if not self._snapshot.exists():
            return None, 0
        found = list(_records(self._snapshot.read_bytes()))
        if len(found) != 1:
            raise Halt(f"{self._snapshot} is damaged: move it away to start with an empty exchange")
        _, number, data = found[0]
        return data, number


def _records(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(where it ends, number, record) of every whole record, up to the first that is torn."""
    at = 0
    while at + _HEAD.size <= len(data):
        number, length, checksum = _HEAD.unpack_from(data, at)
        record = data[at + _HEAD.size : at + _HEAD.size + length]
        if len(record) < length or crc32(record) != checksum:
            return
        at += _HEAD.size + length
        yield at, number, record
