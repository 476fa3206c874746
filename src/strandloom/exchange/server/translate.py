"""An action of the wire as a command of the engine."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from strandloom.exchange import commands as engine
from strandloom.exchange.asset import e8

Action = Mapping[str, Any]


def command(action: Action, user: str, at: int) -> engine.UserCommand:
    """What `user` asks for, `at` that market time."""
    return _COMMANDS[action["type"]](action, user, at)


def _place(action: Action, user: str, at: int) -> engine.Place:
    return engine.Place(at, user, tuple(map(_ask, action["orders"])), action["grouping"])


def _ask(order: Action) -> engine.Ask:
    kind = order["t"]
    tif: engine.Tif = "Gtc"
    trigger = None
    if "limit" in kind:
        tif = kind["limit"]["tif"]
    else:
        wire = kind["trigger"]
        trigger = engine.Trigger(e8(wire["triggerPx"]), wire["isMarket"], wire["tpsl"])
    px, sz = e8(order["p"]), e8(order["s"])
    return engine.Ask(order["a"], order["b"], px, sz, tif, order["r"], order.get("c"), trigger)


def _cancel(action: Action, user: str, at: int) -> engine.Cancel:
    return engine.Cancel(at, user, tuple((item["a"], item["o"]) for item in action["cancels"]))


def _cancel_by_cloid(action: Action, user: str, at: int) -> engine.CancelByCloid:
    cancels = tuple((item["asset"], item["cloid"]) for item in action["cancels"])
    return engine.CancelByCloid(at, user, cancels)


def _modify(action: Action, user: str, at: int) -> engine.Modify:
    changes = action["modifies"] if action["type"] == "batchModify" else [action]
    made = tuple(engine.Change(change["oid"], _ask(change["order"])) for change in changes)
    return engine.Modify(at, user, made, always_place=bool(action.get("a")))


def _schedule(action: Action, user: str, at: int) -> engine.ScheduleCancel:
    return engine.ScheduleCancel(at, user, action.get("time"))


def _leverage(action: Action, user: str, at: int) -> engine.UpdateLeverage:
    return engine.UpdateLeverage(at, user, action["asset"], action["isCross"], action["leverage"])


def _margin(action: Action, user: str, at: int) -> engine.UpdateIsolatedMargin:
    return engine.UpdateIsolatedMargin(at, user, action["asset"], action["ntli"])


def _approve(action: Action, user: str, at: int) -> engine.ApproveAgent:
    name, valid_until = agent_name(action.get("agentName") or "")
    return engine.ApproveAgent(at, user, action["agentAddress"], name, valid_until)


def agent_name(text: str) -> tuple[str | None, int | None]:
    """The name of an agent and, if it ends in `valid_until <ms>`, when its time is over."""
    name, found, until = f" {text}".rpartition(" valid_until ")
    if found and until.isascii() and until.isdigit():
        return name.strip() or None, int(until)
    return text or None, None


def _send(action: Action, user: str, at: int) -> engine.UsdSend:
    usd = Decimal(action["amount"]).scaleb(6)
    return engine.UsdSend(at, user, action["destination"].lower(), int(usd))


_COMMANDS: Final[Mapping[str, Callable[[Action, str, int], engine.UserCommand]]] = {
    "order": _place,
    "cancel": _cancel,
    "cancelByCloid": _cancel_by_cloid,
    "modify": _modify,
    "batchModify": _modify,
    "scheduleCancel": _schedule,
    "updateLeverage": _leverage,
    "updateIsolatedMargin": _margin,
    "noop": lambda _action, user, at: engine.Noop(at, user),
    "approveAgent": _approve,
    "usdSend": _send,
}
