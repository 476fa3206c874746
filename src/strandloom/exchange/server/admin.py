"""The admin port: faults, halts, gaps and liquidations for tests and drills.  Off unless asked for."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from strandloom.exchange.asset import micro
from strandloom.exchange.commands import CancelAll, Deposit, ForceLiquidation, HaltTrading
from strandloom.exchange.replies import Err
from strandloom.exchange.server.drive import Drive
from strandloom.exchange.server.faults import Fault, Kind, Place
from strandloom.exchange.server.forms import Address
from strandloom.exchange.server.lobby import Lobby
from strandloom.exchange.server.venue import Venue


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Strike(_Order):
    """Put a fault in force."""

    do: Literal["fault"]
    kind: Kind
    where: Place | None = None
    times: Annotated[int, Field(gt=0)] | None = 1
    seconds: Annotated[float, Field(ge=0, le=3600)] = 0.0
    status: Annotated[int, Field(ge=400, le=599)] = 429


class Clear(_Order):
    """End all faults and the skew."""

    do: Literal["clear"]


class Skew(_Order):
    """Let the clock by which nonces and expiries are judged be wrong by so much."""

    do: Literal["skew"]
    seconds: Annotated[float, Field(ge=-864_000, le=864_000)]


class Disconnect(_Order):
    """Cut every WebSocket without notice."""

    do: Literal["disconnect"]


class HalfOpen(_Order):
    """Let every WebSocket live on, deaf and mute."""

    do: Literal["half_open"]


class Halt(_Order):
    """Stop trading, or go on."""

    do: Literal["halt"]
    on: bool = True


class Gap(_Order):
    """Move a market by so many percent, at once and for good."""

    do: Literal["gap"]
    coin: str
    percent: Annotated[float, Field(gt=-100, le=1000)]


class Liquidate(_Order):
    """Liquidate an account now, whatever its margin."""

    do: Literal["liquidate"]
    user: Address


class Give(_Order):
    """Deposit paper money."""

    do: Literal["deposit"]
    user: Address
    usd: Annotated[Decimal, Field(gt=0, le=10**9, decimal_places=6)]


class Sweep(_Order):
    """Let the venue cancel what an account (none named: everyone) has open."""

    do: Literal["cancel_all"]
    user: Address | None = None


Order = Annotated[
    Strike | Clear | Skew | Disconnect | HalfOpen | Halt | Gap | Liquidate | Give | Sweep,
    Field(discriminator="do"),
]
_ORDERS: TypeAdapter[Order] = TypeAdapter(Order)


class Drill:
    """Carries out the orders of the admin port."""

    def __init__(self, venue: Venue, lobby: Lobby, drive: Drive) -> None:
        self._venue = venue
        self._lobby = lobby
        self._drive = drive

    def carry_out(self, order: Order) -> str | None:
        """Do it; the text is why it could not be done."""
        venue = self._venue
        match order:
            case Strike():
                venue.faults.add(Fault(**order.model_dump(exclude={"do"})))
            case Clear():
                venue.faults.clear()
            case Skew(seconds=seconds):
                venue.faults.skew_ms = round(seconds * 1000)
            case Disconnect():
                self._lobby.cut_all()
            case HalfOpen():
                self._lobby.freeze_all()
            case Gap(coin=coin, percent=percent):
                return self._drive.gap(coin, percent)
            case _:
                return self._submitted(order)
        return None

    def _submitted(self, order: Halt | Liquidate | Give | Sweep) -> str | None:
        at = self._venue.at_ms()
        match order:
            case Halt(on=on):
                reply = self._venue.submit(HaltTrading(at, on))
            case Liquidate(user=user):
                reply = self._venue.submit(ForceLiquidation(at, user))
            case Give(user=user, usd=usd):
                reply = self._venue.submit(Deposit(at, user, micro(usd)))
            case Sweep(user=whose):
                reply = self._venue.submit(CancelAll(at, whose))
        return reply.message if isinstance(reply, Err) else None

    def state(self) -> dict[str, Any]:
        """What is in force now."""
        return {
            "faults": [asdict(fault) for fault in self._venue.faults],
            "skew_seconds": self._venue.faults.skew_ms / 1000,
            "halted": self._venue.exchange.halted,
            "websockets": len(self._lobby.connections),
            "time": self._venue.at_ms(),
        }


def application(drill: Drill) -> Starlette:
    """GET / shows what is in force, POST / takes an order."""
    return Starlette(routes=[Route("/", _endpoint(drill), methods=["GET", "POST"])])


def _endpoint(drill: Drill) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse(drill.state())
        try:
            order = _ORDERS.validate_json(await request.body())
        except ValidationError as error:
            return JSONResponse({"error": _sentence(error)}, status_code=400)
        reason = drill.carry_out(order)
        return JSONResponse(
            drill.state() if reason is None else {"error": reason}, 200 if reason is None else 409
        )

    return answer


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the body"
    return f"{where}: {first['msg']}"
