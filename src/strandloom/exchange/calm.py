"""The quick look before the long walk: most minutes touch nothing of an account."""

from strandloom.exchange.account import Account, Stake
from strandloom.exchange.lane import Lane
from strandloom.exchange.margin import is_below
from strandloom.exchange.path import Place
from strandloom.exchange.state import State


def is_calm(state: State, account: Account, places: list[Place]) -> bool:
    """No order within any bar's range, and margin enough if all extremes came at once."""
    for _, lane, stake in places:
        if _reaches(lane, stake):
            return False
    held = [place for place in places if place[2].szi]
    return not held or _is_sound(state, account, held)


def _is_sound(state: State, account: Account, held: list[Place]) -> bool:
    """With every mark at its worst; they are put back."""
    marks = [market.mark for market, _, _ in held]
    for market, lane, stake in held:
        worst = lane.bar.low if stake.szi > 0 else lane.bar.high
        market.mark = max(1, worst + lane.basis)
    below = [stake for _, _, stake in held if is_below(account, stake, state)]
    for (market, _, _), mark in zip(held, marks, strict=True):
        market.mark = mark
    return not below


def _reaches(lane: Lane, stake: Stake) -> bool:
    low, high, basis = lane.bar.low, lane.bar.high, lane.basis
    for order in stake.orders.values():
        if order.px >= low if order.is_buy else order.px <= high:
            return True
    for order in stake.triggers.values():
        px = order.trigger_px - basis
        if px >= low if order.fires_below else px <= high:
            return True
    return False
