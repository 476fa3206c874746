"""An engine whose every command is on tape before its outcome is told."""

from typing import Protocol

from strandloom.exchange.commands import Command
from strandloom.exchange.engine import Engine
from strandloom.exchange.keep.codec import decode, encode
from strandloom.exchange.keep.snapshot import freeze, thaw
from strandloom.exchange.keep.tape import Kept
from strandloom.exchange.replies import Outcome
from strandloom.exchange.rules import Rules

SNAPSHOT_EVERY = 20_000  # commands; a restart replays at most so many


class Keeper(Protocol):
    """Where snapshot and journal lie."""

    def load(self) -> Kept: ...

    def append(self, record: bytes) -> None: ...

    def replace(self, snapshot: bytes) -> None: ...


class KeptEngine(Engine):
    """Starting and recovering are the same path: load, replay, go on."""

    def __init__(self, tape: Keeper, rules: Rules | None = None, every: int = SNAPSHOT_EVERY) -> None:
        kept = tape.load()
        super().__init__(rules, thaw(kept.snapshot) if kept.snapshot is not None else None)
        for record in kept.records:
            super().apply(decode(record))
        self._tape = tape
        self._every = every
        self._since = len(kept.records)
        if rules is not None and rules != self.state.rules:
            self._change_rules(rules)
        elif kept.snapshot is None:
            self.snapshot()

    def apply(self, command: Command) -> Outcome:
        """Apply, keep, tell."""
        outcome = super().apply(command)
        self._tape.append(encode(command))
        self._since += 1
        if self._since >= self._every:
            self.snapshot()
        return outcome

    def snapshot(self) -> None:
        """Start a new journal behind the present state."""
        self._tape.replace(freeze(self.state))
        self._since = 0

    def _change_rules(self, rules: Rules) -> None:
        """Commands of the past ran under the rules of the past; from here on the new ones hold."""
        self.state.rules = rules
        for market in self.state.markets:
            market.depth = rules.depth
            market.stale = True
        self.snapshot()
