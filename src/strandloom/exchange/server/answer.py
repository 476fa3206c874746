"""The engine's reply in the words of the wire."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, assert_never

from strandloom.exchange.asset import Asset, dollars
from strandloom.exchange.replies import Done, Err, Failed, Filled, Reply, Resting, Status, Success, Waiting
from strandloom.exchange.server.spell import number

_TYPES = {"batchModify": "order", "cancelByCloid": "cancel"}


def answer(kind: str, reply: Reply, assets: Sequence[Asset]) -> dict[str, Any]:
    """The whole body of a reply to /exchange."""
    if isinstance(reply, Err):
        return refused(reply.message)
    if isinstance(reply, Done) or kind == "modify":
        return _modified(reply) if kind == "modify" else accepted({"type": "default"})
    statuses = [_status(status, assets) for status in reply.statuses]
    return accepted({"type": _TYPES.get(kind, kind), "data": {"statuses": statuses}})


def accepted(response: dict[str, Any]) -> dict[str, Any]:
    return {"status": "ok", "response": response}


def refused(reason: str) -> dict[str, Any]:
    """A no, with HTTP status 200 as the venue does it."""
    return {"status": "err", "response": reason}


def _modified(reply: Reply) -> dict[str, Any]:
    """`modify` has no statuses: it worked, or it did not."""
    if not isinstance(reply, Done | Err):
        for status in reply.statuses:
            if isinstance(status, Failed):
                return refused(status.error)
    return accepted({"type": "default"})


def _status(status: Status, assets: Sequence[Asset]) -> Any:
    match status:
        case Resting(oid, cloid):
            return {"resting": _named({"oid": oid}, cloid)}
        case Filled(oid, cloid, asset, sz, ntl):
            size = assets[asset].size(sz)
            average = _average(dollars(ntl), size)
            return {"filled": _named({"totalSz": number(size), "avgPx": number(average), "oid": oid}, cloid)}
        case Failed(error):
            return {"error": error}
        case Waiting(text, _):
            return text
        case Success():
            return "success"
    assert_never(status)


def _named(wire: dict[str, Any], cloid: str | None) -> dict[str, Any]:
    return wire if cloid is None else {**wire, "cloid": cloid}


def _average(ntl: Decimal, size: Decimal) -> Decimal:
    """Rounded to ten significant digits: the average of many fills has no end otherwise."""
    exact = ntl / size
    return exact.quantize(Decimal(1).scaleb(max(-8, exact.adjusted() - 9)))
