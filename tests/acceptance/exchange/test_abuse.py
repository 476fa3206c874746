"""Whatever is thrown at its ports, the exchange answers the next honest client."""

import contextlib
import http.client
import json
import resource
import socket
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from strandloom.exchange import audit
from strandloom.exchange.engine import Engine
from strandloom.exchange.server.app import Patience
from strandloom.exchange.server.limits import Limits
from strandloom.hyperliquid.signing import Wallet, signed_l1
from strandloom.hyperliquid.urls import socket_url
from tests.acceptance.exchange.world import World, a_world

WALLET = Wallet(f"{7:064x}")
NONCES = count(1)
HASTY = Patience(headers_s=0.2, body_s=0.2)
IDLE = 1_000


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with a_world(Engine(), limits=Limits.none()) as made:
        made.admin("deposit", user=WALLET.address, usd="100000")
        yield made


def address(world: World) -> tuple[str, int]:
    host, _, port = world.url.removeprefix("http://").partition(":")
    return host, int(port)


def post(world: World, path: str, body: bytes, kind: str = "application/json") -> tuple[int, bytes]:
    """One request on a connection of its own."""
    client = http.client.HTTPConnection(*address(world), timeout=60)
    with contextlib.closing(client):
        client.request("POST", path, body, {"Content-Type": kind})
        answer = client.getresponse()
        return answer.status, answer.read()


def is_alive(world: World) -> bool:
    status, body = post(world, "/info", b'{"type":"allMids"}')
    return status == 200 and "BTC" in json.loads(body)


@contextlib.contextmanager
def a_socket(world: World) -> Iterator[ClientConnection]:
    with connect(socket_url(world.url), proxy=None, open_timeout=60) as connection:
        yield connection


def answers_pings(connection: ClientConnection) -> bool:
    connection.send('{"method":"ping"}')
    while json.loads(connection.recv(timeout=60)) != {"channel": "pong"}:
        pass
    return True


MALFORMED = [
    (b"", "application/json", 400),
    (b"{", "application/json", 400),
    (b"\xff\xfe", "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b'{"type":NaN}', "application/json", 400),
    (b"null", "application/json", 422),
    (b"[]", "application/json", 422),
    (b'{"type":"unheardOf"}', "application/json", 422),
    (b'{"type":["meta"]}', "application/json", 422),
    (b'{"type":"meta"}', "text/plain", 415),
    (b'{"type":"l2Book"}', "application/json", 422),
    (b'{"type":"l2Book","coin":"BTC","nSigFigs":9}', "application/json", 422),
    (b'{"type":"clearinghouseState","user":"me"}', "application/json", 422),
    (
        b'{"type":"candleSnapshot","req":{"coin":"BTC","interval":"1s","startTime":0}}',
        "application/json",
        422,
    ),
    (b'{"type":"orderStatus","user":"0x' + b"1" * 40 + b'","oid":-1}', "application/json", 422),
    (b'{"type":"recentTrades","coin":"NOPE"}', "application/json", 500),
]


@pytest.mark.parametrize(("body", "kind", "status"), MALFORMED, ids=lambda part: str(part)[:40])
def test_a_malformed_question_gets_the_venues_status(
    world: World, body: bytes, kind: str, status: int
) -> None:
    assert post(world, "/info", body, kind)[0] == status


def test_an_unknown_coin_has_no_book(world: World) -> None:
    assert post(world, "/info", b'{"type":"l2Book","coin":"NOPE"}') == (200, b"null")


def test_other_paths_and_methods_are_not_there(world: World) -> None:
    client = http.client.HTTPConnection(*address(world), timeout=60)
    with contextlib.closing(client):
        for method, path, status in (("GET", "/info", 405), ("POST", "/orders", 404), ("GET", "/", 404)):
            client.request(method, path)
            answer = client.getresponse()
            answer.read()
            assert answer.status == status


def test_a_huge_body_is_refused_before_it_is_read(world: World) -> None:
    with socket.create_connection(address(world), timeout=60) as raw:
        raw.sendall(b"POST /exchange HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        raw.sendall(b"Content-Length: 10000000000\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(64):
                raw.sendall(b" " * 65_536)
        with contextlib.suppress(OSError):
            assert b"413" in raw.recv(4_096)
    assert is_alive(world)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20) | st.sampled_from(["BTC", "0x" + "1" * 40, "1m", "order", "na", "Gtc", "1.5"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["type", "user", "coin", "oid", "req", "interval", "startTime", "endTime", "dex",
                         "action", "nonce", "signature", "orders", "cancels", "a", "b", "p", "s", "r", "t",
                         "limit", "trigger", "grouping", "vaultAddress", "method", "subscription", "id",
                         "request", "payload"]) | st.text(max_size=8), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip
KINDS = ["meta", "l2Book", "candleSnapshot", "orderStatus", "userFills", "userFillsByTime", "fundingHistory",
         "clearinghouseState", "userFunding", "extraAgents", "activeAssetData", "marginTable"]  # fmt: skip
LEGAL_STATUSES = {200, 400, 415, 422, 500}


@given(JSON, st.sampled_from(["/info", "/exchange"]), st.sampled_from(KINDS))
@settings(max_examples=300, deadline=None)
def test_no_json_breaks_http(world: World, body: Any, path: str, kind: str) -> None:
    for asked in (body, {**body, "type": kind} if isinstance(body, dict) else body):
        status, answer = post(world, path, json.dumps(asked).encode())
        assert status in LEGAL_STATUSES
        assert status != 500 or answer == b"null"


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_the_port(world: World, noise: bytes) -> None:
    with socket.create_connection(address(world), timeout=60) as raw:
        raw.sendall(noise)
        raw.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while raw.recv(4_096):
                pass
    assert is_alive(world)


DIGITS = st.text("0123456789", min_size=1, max_size=12)
NUMBER = st.builds(lambda sign, whole, part: sign + whole + ("." + part if part else ""),
                   st.sampled_from(["", "-"]), DIGITS, st.text("0123456789", max_size=8))  # fmt: skip
PRICE = NUMBER | st.integers(50_000, 150_000).map(str)
SIZE = NUMBER | st.decimals("0.0001", "2", places=5).map(lambda value: f"{value:f}")
KIND = st.builds(
    lambda tif: {"limit": {"tif": tif}}, st.sampled_from(["Gtc", "Ioc", "Alo", "FrontendMarket"])
)
TRIGGER = st.builds(
    lambda market, price, tpsl: {"trigger": {"isMarket": market, "triggerPx": price, "tpsl": tpsl}},
    st.booleans(), PRICE, st.sampled_from(["tp", "sl"]),
)  # fmt: skip
ORDER = st.fixed_dictionaries(
    {
        "a": st.integers(0, 4) | st.integers(0, 2**32 - 1),
        "b": st.booleans(),
        "p": PRICE,
        "s": SIZE,
        "r": st.booleans(),
        "t": KIND | TRIGGER,
    }
)
OID = st.integers(0, 300)
ACTION = st.one_of(
    st.builds(lambda orders, grouping: {"type": "order", "orders": orders, "grouping": grouping},
              st.lists(ORDER, max_size=5), st.sampled_from(["na", "normalTpsl", "positionTpsl"])),
    st.builds(lambda pairs: {"type": "cancel", "cancels": [{"a": a, "o": o} for a, o in pairs]},
              st.lists(st.tuples(st.integers(0, 9), OID), max_size=5)),
    st.builds(lambda oid, new: {"type": "batchModify", "modifies": [{"oid": oid, "order": new}], "a": True},
              OID, ORDER),
    st.builds(lambda a, x, n: {"type": "updateLeverage", "asset": a, "isCross": x, "leverage": n},
              st.integers(0, 9), st.booleans(), st.integers(0, 200)),
    st.builds(lambda a, n: {"type": "updateIsolatedMargin", "asset": a, "isBuy": True, "ntli": n},
              st.integers(0, 9), st.integers(-(2**62), 2**62)),
    st.builds(lambda t: {"type": "scheduleCancel", "time": t}, st.integers(0, 2**63)),
)  # fmt: skip


@given(st.lists(ACTION, min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_no_signed_action_breaks_the_books(world: World, actions: list[dict[str, Any]]) -> None:
    from strandloom.exchange.server.forms import read

    for action in actions:
        nonce = world.do(world.venue.wall_ms) + next(NONCES)
        body = {"action": action, "nonce": nonce, "signature": {"r": "0x1", "s": "0x1", "v": 27}}
        signed = signed_l1(WALLET, read(json.loads(json.dumps(body)))["action"], nonce, mainnet=False)
        status, answer = post(world, "/exchange", json.dumps(signed).encode())
        assert status == 200, answer
        assert json.loads(answer)["status"] in ("ok", "err")
    engine = world.exchange
    assert isinstance(engine, Engine)
    assert world.do(lambda: audit.money(engine.state)) == 0
    assert not any(world.do(lambda: audit.lots(engine.state)))


@given(st.lists(JSON.map(json.dumps) | st.text(max_size=100), max_size=10))
@settings(max_examples=100, deadline=None)
def test_no_frame_breaks_a_websocket(world: World, frames: list[str]) -> None:
    with a_socket(world) as connection:
        for frame in frames:
            connection.send(frame)
        assert answers_pings(connection)


SUBSCRIPTION = st.fixed_dictionaries(
    {"type": st.sampled_from(["l2Book", "trades", "candle", "userFills", "allMids", "bbo", "orderUpdates"])},
    optional={
        "coin": st.sampled_from(["BTC", "NOPE"]) | JSON,
        "user": JSON,
        "interval": JSON,
        "nSigFigs": JSON,
    },
)


@given(st.lists(st.tuples(st.sampled_from(["subscribe", "unsubscribe"]), SUBSCRIPTION), max_size=8))
@settings(max_examples=100, deadline=None)
def test_no_subscription_breaks_a_websocket(world: World, wishes: list[tuple[str, Any]]) -> None:
    with a_socket(world) as connection:
        for method, wish in wishes:
            connection.send(json.dumps({"method": method, "subscription": wish}))
        assert answers_pings(connection)


@pytest.fixture
def hasty() -> Iterator[World]:
    """An exchange that waits for nobody; a busy machine makes honest clients slow, so only for one test."""
    with a_world(limits=Limits.none(), patience=HASTY) as made:
        yield made


def dripping(world: World) -> list[socket.socket]:
    """A hundred clients that do not finish: half of them their headers, half their bodies."""
    slow = [socket.create_connection(address(world), timeout=60) for _ in range(100)]
    for n, raw in enumerate(slow):
        more = b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{" if n % 2 else b""
        with contextlib.suppress(OSError):  # cut already
            raw.sendall(b"POST /info HTTP/1.1\r\nHost: x\r\n" + more)
    return slow


def test_clients_that_drip_hold_nobody_up(world: World) -> None:
    slow = dripping(world)
    assert is_alive(world)
    for raw in slow:
        raw.close()


def test_clients_that_drip_are_cut(hasty: World) -> None:
    for raw in dripping(hasty):
        with contextlib.suppress(ConnectionResetError):
            while raw.recv(4_096):  # until the server closes; a body that stays away is told 408 first
                pass
        raw.close()


def test_a_thousand_idle_sockets_leave_room_for_trading() -> None:
    allow_open_files(3 * IDLE)
    with a_world(limits=Limits.none()) as world, contextlib.ExitStack() as open_:
        for _ in range(IDLE // 2):
            open_.enter_context(socket.create_connection(address(world), timeout=60))
        sockets = [open_.enter_context(a_socket(world)) for _ in range(IDLE // 2)]
        for connection in sockets:
            connection.send('{"method":"subscribe","subscription":{"type":"allMids"}}')
        assert is_alive(world)
        world.minute(BTC=(100_000, 102_000, 99_900, 101_900))
        for connection in sockets:
            while "101900" not in connection.recv(timeout=60):
                pass


def allow_open_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


def test_too_many_connections_are_closed_with_the_venues_code() -> None:
    with a_world(limits=Limits(connections=2)) as world, a_socket(world), a_socket(world):
        with a_socket(world) as third, pytest.raises(ConnectionClosed) as closed:
            third.recv(timeout=60)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008


def test_limits_of_a_websocket_are_told_in_the_venues_words() -> None:
    limits = Limits(users=2, subscriptions=4, messages_per_minute=20)
    with a_world(limits=limits) as world, a_socket(world) as connection:

        def subscribed(**wish: str) -> Any:
            connection.send(json.dumps({"method": "subscribe", "subscription": wish}))
            while (message := json.loads(connection.recv(timeout=60)))["channel"] in wish.values():
                pass
            return message

        for n in (1, 2):
            assert subscribed(type="orderUpdates", user=f"0x{n:040x}")["channel"] == "subscriptionResponse"
        third = subscribed(type="orderUpdates", user=f"0x{3:040x}")
        assert third == {"channel": "error", "data": "Cannot track more than 2 total users."}
        again = subscribed(type="orderUpdates", user=f"0x{2:040X}".replace("0X", "0x"))
        assert again["data"].startswith("Already subscribed: ")
        subscribed(type="orderUpdates", user=f"0x{1:040x}")
        assert subscribed(type="candle", coin="BTC", interval="1m")["channel"] == "subscriptionResponse"
        assert subscribed(type="candle", coin="ETH", interval="1m")["channel"] == "subscriptionResponse"
        assert "more than 4" in subscribed(type="candle", coin="SOL", interval="1m")["data"]
        with pytest.raises(ConnectionClosed):
            for _ in range(20):
                answers_pings(connection)


def test_the_weight_of_an_address_runs_out_with_429_null() -> None:
    with a_world(limits=Limits(weight_per_minute=50)) as world:
        question = b'{"type":"allMids"}'
        statuses = [post(world, "/info", question)[0] for _ in range(26)]
        assert statuses == [200] * 25 + [429]
        assert post(world, "/info", question) == (429, b"null")
        world.minutes(2)  # market time counts
        assert post(world, "/info", question)[0] == 200
