"""What the network plays while it is being killed, and what must be on the board in the end."""

from dataclasses import dataclass

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.module import OrderKey, Seat
from strandloom.blackboard.strand import Draft, Said, Strand
from tests.kinds import Note

LEASE_S = 3.0
MANY_ATTEMPTS = 1_000  # a storm must not use them up


@dataclass(frozen=True, slots=True)
class Relay:
    """A module that answers each note with the next, until the last."""

    name: str
    reads: tuple[str, ...]
    says: str  # a tag
    last: int  # the number after which it is silent

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        assert isinstance(strand.body, Note)
        number = strand.body.number + 1
        if number > self.last:
            return Said()
        note = Note(text=strand.body.text, number=number)
        return Said(drafts=(Draft(body=note, tags=(self.says,), symbol=strand.symbol),))


@dataclass(frozen=True, slots=True)
class Play:
    """Modules, the tag of an input, and how many strands each input must become."""

    seats: tuple[Seat, ...]
    input_tag: str
    strands_per_input: int

    def input(self, n: int) -> Draft:
        return Draft(body=Note(text=f"input {n}"), tags=(self.input_tag,), symbol=f"S{n % 20}")


def chain() -> Play:
    """Three stages in a row, one for each order key."""
    return Play(
        seats=(
            _seat("raw_data.first", "raw_data:storm", "cil:storm", 1, order="free"),
            _seat("cil.second", "cil:storm", "dm:storm", 2, order="lifecycle"),
            _seat("decision_maker.third", "dm:storm", "trader:storm", 3, order="symbol"),
        ),
        input_tag="raw_data:storm",
        strands_per_input=4,
    )


def ping_pong(returns: int = 49) -> Play:
    """Two modules that answer each other so many times."""
    return Play(
        seats=(
            _seat("raw_data.ping", "raw_data:ball", "cil:ball", returns, order="lifecycle"),
            _seat("cil.pong", "cil:ball", "raw_data:ball", returns, order="lifecycle"),
        ),
        input_tag="raw_data:ball",
        strands_per_input=returns + 1,
    )


PLAYS = {"chain": chain, "ping-pong": ping_pong}


def _seat(name: str, reads: str, says: str, last: int, *, order: OrderKey) -> Seat:
    relay = Relay(name, (reads,), says, last)
    return Seat(module=relay, order=order, at_once=4, lease_s=LEASE_S, max_attempts=MANY_ATTEMPTS)
