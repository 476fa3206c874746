"""What a drill does to the messages of one WebSocket, and what a client that does not read costs."""

from strandloom.basics.clock import SystemClock
from strandloom.exchange.engine import Engine
from strandloom.exchange.server.connection import WAITING_FRAMES, Connection
from strandloom.exchange.server.faults import Fault
from strandloom.exchange.server.venue import Venue


def a_connection(*faults: Fault) -> Connection:
    venue = Venue(exchange=Engine(), clock=SystemClock())
    for fault in faults:
        venue.faults.add(fault)
    return Connection(venue, "127.0.0.1")


def sent(connection: Connection) -> list[str]:
    return [connection.frames.get_nowait() for _ in range(connection.frames.qsize())]


async def test_a_message_comes_twice() -> None:
    connection = a_connection(Fault(kind="duplicate", where="/ws"))
    for text in "abc":
        connection.offer(text)
    assert sent(connection) == ["a", "a", "b", "c"]


async def test_a_message_is_overtaken_by_the_next() -> None:
    connection = a_connection(Fault(kind="reorder", where="/ws"))
    for text in "abc":
        connection.offer(text)
    assert sent(connection) == ["b", "a", "c"]


async def test_a_message_is_lost() -> None:
    connection = a_connection(Fault(kind="drop_message", where="/ws"))
    for text in "abc":
        connection.offer(text)
    assert sent(connection) == ["b", "c"]


async def test_a_frozen_connection_says_nothing_and_stays() -> None:
    connection = a_connection()
    connection.frozen = True
    connection.offer("a")
    connection.tell("channel", {})
    assert sent(connection) == []
    assert not connection.cut.is_set()


async def test_a_client_that_does_not_read_is_cut_instead_of_filling_the_memory() -> None:
    connection = a_connection()
    for _ in range(WAITING_FRAMES):
        connection.offer("a")
    assert not connection.cut.is_set()
    connection.offer("a")
    assert connection.cut.is_set()
