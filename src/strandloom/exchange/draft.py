"""Static checks, made for every order of a batch before any of them moves."""

from typing import NamedTuple

from strandloom.exchange import words
from strandloom.exchange.asset import Asset
from strandloom.exchange.commands import Ask, Grouping
from strandloom.exchange.order import OrderStatus
from strandloom.exchange.state import State

_TOO_MUCH = 10**16  # micro-dollars: ten billion dollars in one order is a mistake


class Draft(NamedTuple):
    """An ask in ticks and lots."""

    ask: Ask
    px: int
    sz: int
    trigger_px: int


class Flaw(NamedTuple):
    """What is wrong with an ask, and the status under which it is remembered (None: not at all)."""

    text: str
    status: OrderStatus | None = None


def draft(state: State, ask: Ask, sizeless: bool) -> Draft | Flaw:
    """The ask in the asset's units; `sizeless` orders take the position's size later."""
    index = ask.asset
    if not 0 <= index < len(state.markets) or state.markets[index].delisted:
        return Flaw(words.BAD_ASSET)
    market = state.markets[index]
    asset = market.asset
    px, px_rest = divmod(ask.px, asset.px_cut)
    sz, sz_rest = divmod(ask.sz, asset.sz_cut)
    if ask.px <= 0:
        return Flaw(words.BAD_PRICE, "rejected")
    if px_rest or (px >= 100_000 and px % asset.step(px)):
        return Flaw(words.TICK, "tickRejected")
    if sz_rest or ask.sz < 0 or px * sz > _TOO_MUCH:
        return Flaw(words.BAD_SIZE, "rejected")
    if sz == 0 and not sizeless:
        return Flaw(words.ZERO_SIZE, "rejected")
    mark, rules = market.mark, state.rules
    if mark and not mark * rules.far_below_pct < px * 100 <= mark * rules.far_above_pct:
        return Flaw(words.FAR_PRICE, "oracleRejected")
    if ask.trigger is None:
        return Draft(ask, px, sz, 0)
    return _trigger(asset, ask, px, sz)


def _trigger(asset: Asset, ask: Ask, px: int, sz: int) -> Draft | Flaw:
    """The trigger's own price obeys the same rules."""
    trigger = ask.trigger
    assert trigger is not None  # noqa: S101 - the caller looked
    trigger_px, rest = divmod(trigger.px, asset.px_cut)
    if trigger.px <= 0:
        return Flaw(words.BAD_TRIGGER, "badTriggerPxRejected")
    if rest or trigger_px % asset.step(trigger_px):
        return Flaw(words.TICK, "tickRejected")
    return Draft(ask, px, sz, trigger_px)


def grouping_flaw(asks: tuple[Ask, ...], grouping: Grouping) -> str | None:
    """What the grouping forbids."""
    if not asks:
        return words.EMPTY
    if grouping == "na":
        return None
    children = asks
    if grouping == "normalTpsl":
        if asks[0].trigger is not None:
            return words.MAIN_IS_TRIGGER
        children = asks[1:]
    if not 1 <= len(children) <= 2 or any(ask.trigger is None for ask in children):
        return words.TRIGGER_COUNT
    if any(not ask.reduce_only for ask in children):
        return words.TPSL_REDUCES
    first = asks[0]
    same = all(c.asset == first.asset and c.is_buy == children[0].is_buy for c in children)
    if not same or (grouping == "normalTpsl" and children[0].is_buy == first.is_buy):
        return words.BAD_TRIGGER
    return None
