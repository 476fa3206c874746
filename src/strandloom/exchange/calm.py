"""The quick look before the long walk: most minutes touch nothing of an account."""

from strandloom.exchange.account import Account
from strandloom.exchange.margin import is_below
from strandloom.exchange.path import Place
from strandloom.exchange.state import State


def is_calm(state: State, account: Account, places: list[Place]) -> bool:
    """No order within any bar's range, and margin enough if all extremes came at once."""
    holds = False
    for _, lane, stake in places:
        if stake.reach.meets(lane.bar.low, lane.bar.high, lane.basis):
            return False
        holds = holds or stake.szi != 0
    return not holds or _is_sound(state, account, places)


def _is_sound(state: State, account: Account, places: list[Place]) -> bool:
    """With the mark of every position at its worst; all marks are put back."""
    marks = []
    for market, lane, stake in places:
        marks.append(market.mark)
        if stake.szi:
            worst = lane.bar.low if stake.szi > 0 else lane.bar.high
            market.mark = max(1, worst + lane.basis)
    sound = True
    for _, _, stake in places:
        sound = sound and not (stake.szi and is_below(account, stake, state))
    for (market, _, _), mark in zip(places, marks, strict=True):
        market.mark = mark
    return sound
