"""The matching engine: commands in, replies and events out; the same commands always give the same."""

from collections.abc import Callable
from typing import Any

from strandloom.exchange import (
    agents,
    commands,
    due,
    leverage,
    minute,
    money,
    nonces,
    orders,
    quotes,
    venue,
    words,
)
from strandloom.exchange.commands import Command
from strandloom.exchange.look import Look
from strandloom.exchange.replies import DONE, Err, Outcome, Reply
from strandloom.exchange.rules import Rules
from strandloom.exchange.state import State

Handler = Callable[[State, Any], Reply | None]

HANDLERS: dict[type, Handler] = {
    commands.Place: orders.place,
    commands.Cancel: orders.cancel,
    commands.CancelByCloid: orders.cancel_by_cloid,
    commands.Modify: orders.modify,
    commands.ScheduleCancel: due.schedule,
    commands.UpdateLeverage: leverage.update_leverage,
    commands.UpdateIsolatedMargin: leverage.update_isolated_margin,
    commands.Noop: lambda state, command: None,
    commands.Deposit: money.deposit,
    commands.Withdraw: money.withdraw,
    commands.UsdSend: money.send,
    commands.ApproveAgent: agents.approve,
    commands.UseNonce: nonces.use,
    commands.MarketBars: minute.run,
    commands.MarketQuote: quotes.run,
    commands.Tick: lambda state, command: None,
    commands.ListAsset: venue.list_asset,
    commands.Delist: venue.delist,
    commands.SetCaps: venue.set_caps,
    commands.HaltTrading: venue.halt,
    commands.CancelAll: venue.cancel_all,
    commands.ForceLiquidation: venue.force_liquidation,
}
_EXPIRING = frozenset(kind for kind in HANDLERS if "expires_after" in kind._fields)  # type: ignore[attr-defined]
_QUIET = Outcome(DONE, ())


class Engine(Look):
    """One exchange.  `Look` holds the questions; this adds the one way to change anything."""

    def __init__(self, rules: Rules | None = None, state: State | None = None) -> None:
        super().__init__(state or State(rules or Rules()))

    def apply(self, command: Command) -> Outcome:
        """Carry out one command."""
        state = self.state
        kind = type(command)
        if kind is not commands.UseNonce:  # it carries wall time, which is not the market's
            at = command.at
            if at >= state.due or state.now == 0:
                due.advance(state, at)
            elif at > state.now:
                state.now = at
        reply: Reply | None
        if kind in _EXPIRING and _is_late(state, command):
            reply = Err(words.EXPIRED)
        else:
            reply = HANDLERS[kind](state, command)
        events = state.events
        if not events:
            return _QUIET if reply is None else Outcome(reply, ())
        state.events = []
        return Outcome(reply or DONE, tuple(events))


def _is_late(state: State, command: Any) -> bool:
    return command.expires_after is not None and state.now > command.expires_after
