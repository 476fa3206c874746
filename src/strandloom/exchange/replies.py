"""What a command is answered with, in the venue's own words."""

from typing import NamedTuple

from strandloom.exchange.events import Event


class Resting(NamedTuple):
    """In the book, perhaps after a partial fill."""

    oid: int
    cloid: str | None


class Filled(NamedTuple):
    """Done, for `sz` lots at `ntl` micro-dollars in all; less than asked when the rest was cancelled."""

    oid: int
    cloid: str | None
    asset: int
    sz: int
    ntl: int


class Failed(NamedTuple):
    """One order or cancel that was refused; the rest of the batch stands."""

    error: str


class Waiting(NamedTuple):
    """A child order: `waitingForFill` or `waitingForTrigger`."""

    status: str
    oid: int


class Success(NamedTuple):
    """One cancel that worked."""


Status = Resting | Filled | Failed | Waiting | Success


class Done(NamedTuple):
    """The action worked and has nothing more to say."""


class Statuses(NamedTuple):
    """One status per order or cancel; a single Failed for the whole batch when it never started."""

    statuses: tuple[Status, ...]


class Err(NamedTuple):
    """The whole action was refused."""

    message: str


Reply = Done | Statuses | Err


class Outcome(NamedTuple):
    """The reply for the caller and the events for everybody, in order."""

    reply: Reply
    events: tuple[Event, ...]


DONE = Done()
SUCCESS = Success()
