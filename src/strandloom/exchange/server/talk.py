"""What a client says over a WebSocket, and what it is told for it."""

import asyncio
import json
from typing import Any, Final

from strandloom.exchange.server import counter, snapshot, spell, subscription
from strandloom.exchange.server.connection import Connection
from strandloom.exchange.server.counter import Refusal
from strandloom.exchange.server.forms import Unreadable
from strandloom.exchange.server.info_market import asset_of
from strandloom.exchange.server.lobby import Lobby
from strandloom.exchange.server.subscription import Subscription
from strandloom.exchange.server.venue import Venue

_TRADES: Final = 10
_REASONS: Final = {429: "429 Too Many Requests", 500: "500 Internal Server Error"}


class Talk:
    """Carries out the messages of one connection."""

    def __init__(self, venue: Venue, lobby: Lobby, connection: Connection) -> None:
        self._venue = venue
        self._lobby = lobby
        self._connection = connection

    def heard(self, text: str) -> asyncio.Task[None] | None:
        """Act on one message; a post is answered by the task that is returned."""
        if self._connection.frozen:
            return None
        if not self._connection.may_speak(self._venue.at_s()):
            self._connection.cut.set()
            return None
        message = _parsed(text)
        match message:
            case {"method": "ping"}:
                self._pong()
            case {"method": "subscribe", "subscription": raw}:
                self._subscribe(raw)
            case {"method": "unsubscribe", "subscription": raw}:
                self._unsubscribe(raw)
            case {
                "method": "post",
                "id": int(number),
                "request": {"type": "info" | "action" as kind} as request,
            }:
                return self._post(number, kind, request.get("payload"))
            case _:
                self._error(f"Error parsing JSON into valid websocket request: {text[:200]}")
        return None

    def _pong(self) -> None:
        self._connection.enqueue('{"channel":"pong"}')

    def _subscribe(self, raw: Any) -> None:
        wanted = self._read(raw)
        if wanted is None:
            return
        if wanted in self._connection.subscriptions:
            self._error(f"Already subscribed: {json.dumps(wanted.spelt())}")
            return
        if reason := self._lobby.refuses_subscription(self._connection, wanted):
            self._error(reason)
            return
        self._acknowledge("subscribe", wanted)
        self._snapshot(wanted)
        self._connection.subscriptions.add(wanted)
        self._venue.hub.add(wanted, self._connection)

    def _snapshot(self, wanted: Subscription) -> None:
        made = snapshot.FIRST.get(wanted.kind)
        if wanted.kind == "trades":
            asset = asset_of(self._venue.exchange, wanted.coin)
            latest = self._venue.prints.recent(self._venue.exchange, asset, _TRADES)
            self._connection.tell("trades", [spell.trade(view) for view in latest])
        if made is not None:
            data = made(self._venue.exchange, wanted)
            if wanted.kind in snapshot.LIVE:
                self._venue.pulse.said(wanted, data, self._venue.beat_s())
            self._connection.tell(snapshot.channel(wanted.kind), data)

    def _unsubscribe(self, raw: Any) -> None:
        wanted = self._read(raw)
        if wanted is None:
            return
        if wanted not in self._connection.subscriptions:
            self._error(f"Already unsubscribed: {json.dumps(wanted.spelt())}")
            return
        self._connection.subscriptions.discard(wanted)
        self._venue.hub.remove(wanted, self._connection)
        self._acknowledge("unsubscribe", wanted)

    def _read(self, raw: Any) -> Subscription | None:
        try:
            return subscription.read(self._venue.exchange, raw)
        except Unreadable as error:
            self._error(str(error))
            return None

    def _acknowledge(self, method: str, wanted: Subscription) -> None:
        data = {"method": method, "subscription": wanted.spelt()}
        self._connection.tell("subscriptionResponse", data)

    def _error(self, reason: str) -> None:
        self._connection.tell("error", reason)

    def _post(self, number: int, kind: str, payload: Any) -> asyncio.Task[None] | None:
        if not self._lobby.may_post(self._connection):
            self._answer(number, "error", _REASONS[429])
            return None
        self._connection.posts += 1
        return asyncio.get_running_loop().create_task(self._answered(number, kind, payload))

    async def _answered(self, number: int, kind: str, payload: Any) -> None:
        venue, connection = self._venue, self._connection
        try:
            if (delay := venue.faults.take("delay", "/ws")) is not None:
                await asyncio.sleep(delay.seconds)
            if venue.faults.take("refuse", "/ws"):
                connection.cut.set()
                return
            if (fault := venue.faults.take("status", "/ws")) is not None:
                raise Refusal(fault.status, "null")
            answered = self._handled(kind, payload)
            if venue.faults.take("drop_reply", "/ws"):
                connection.cut.set()
                return
            self._answer(number, kind, answered)
        except Refusal as refusal:
            self._answer(number, "error", _REASONS.get(refusal.status, f"{refusal.status} {refusal.text}"))
        finally:
            connection.posts -= 1

    def _handled(self, kind: str, payload: Any) -> Any:
        if kind == "action":
            return counter.act(self._venue, payload, self._connection.ip)
        data = counter.ask(self._venue, payload, self._connection.ip)
        return {"type": payload["type"], "data": data}

    def _answer(self, number: int, kind: str, payload: Any) -> None:
        self._connection.tell("post", {"id": number, "response": {"type": kind, "payload": payload}})


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
