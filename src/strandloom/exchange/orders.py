"""The order commands: a batch in, one status each out."""

from strandloom.exchange import trigger, words
from strandloom.exchange.account import Account
from strandloom.exchange.commands import Ask, Cancel, CancelByCloid, Change, Modify, Place
from strandloom.exchange.draft import Draft, Flaw, draft, grouping_flaw
from strandloom.exchange.life import cancel as cancel_order
from strandloom.exchange.life import reject, say
from strandloom.exchange.order import Order
from strandloom.exchange.place import born, limit
from strandloom.exchange.reduce import room
from strandloom.exchange.replies import SUCCESS, Err, Failed, Reply, Status, Statuses, Waiting
from strandloom.exchange.state import State


def place(state: State, command: Place) -> Reply:
    """Static checks for all, then one after the other."""
    account = state.accounts.get(command.user)
    if account is None:
        return Err(words.NO_DEPOSIT.format(user=command.user))
    asks = command.asks
    grouping = command.grouping
    if len(asks) == 1 and grouping == "na":
        drafted = draft(state, asks[0], False)
        if type(drafted) is Flaw:
            return flawed(state, account, asks[0], drafted)
        return Statuses((_one(state, account, drafted),))  # type: ignore[arg-type]
    text = grouping_flaw(asks, grouping)
    if text is not None:
        return Statuses((Failed(text),))
    drafts: list[Draft] = []
    for ask in asks:
        made = draft(state, ask, grouping == "positionTpsl")
        if isinstance(made, Flaw):
            return flawed(state, account, ask, made)
        drafts.append(made)
    if grouping == "na":
        return Statuses(tuple(_one(state, account, each) for each in drafts))
    if grouping == "normalTpsl":
        return Statuses(_with_children(state, account, drafts))
    return Statuses(_for_position(state, account, drafts))


def flawed(state: State, account: Account, ask: Ask, flaw: Flaw) -> Statuses:
    """One answer for the whole batch; the flawed order is remembered where it has a market."""
    if flaw.status is not None:
        market = state.markets[ask.asset]
        px, sz = ask.px // market.asset.px_cut, max(0, ask.sz // market.asset.sz_cut)
        reject(state, account, born(state, account.user, Draft(ask, px, sz, 0)), flaw.status)
    return Statuses((Failed(words.about(flaw.text, ask.asset)),))


def _one(state: State, account: Account, drafted: Draft) -> Status:
    order = born(state, account.user, drafted)
    market = state.markets[order.asset]
    if order.trigger_px:
        return trigger.place(state, account, market, order)
    return limit(state, account, market, order)


def _with_children(state: State, account: Account, drafts: list[Draft]) -> tuple[Status, ...]:
    """A parent and its take-profit and stop, which wait until the parent is filled whole."""
    market = state.markets[drafts[0].ask.asset]
    orders = [born(state, account.user, each) for each in drafts]
    parent, children = orders[0], orders[1:]
    state.stake(account, parent.asset)
    reference = parent.px
    if market.mark:
        reference = min(parent.px, market.mark) if parent.is_buy else max(parent.px, market.mark)
    if not all(trigger.is_sane(child, reference) for child in children):
        reject(state, account, parent, "badTriggerPxRejected")
        return (Failed(words.about(words.BAD_TRIGGER, parent.asset)),) * len(orders)
    oids = [child.oid for child in children]
    for child in children:
        child.waits = True
        child.parent = parent.oid
        child.siblings = tuple(oid for oid in oids if oid != child.oid)
        account.enter(child)
        account.live[child.oid] = child
        say(state, child, "open")
    parent.children = tuple(oids)
    status = limit(state, account, market, parent)
    return (status, *(_child_status(status, child) for child in children))


def _child_status(parent: Status, child: Order) -> Status:
    if child.status != "open":
        unfilled = Failed(words.about(words.PARENT_UNFILLED, child.asset))
        return parent if isinstance(parent, Failed) else unfilled
    return Waiting("waitingForFill" if child.waits else "waitingForTrigger", child.oid)


def _for_position(state: State, account: Account, drafts: list[Draft]) -> tuple[Status, ...]:
    """Take-profit and stop of whatever the position is when they fire."""
    orders = [born(state, account.user, each) for each in drafts]
    stake = state.stake(account, orders[0].asset)
    market = state.markets[stake.asset]
    statuses: list[Status] = []
    for order in orders:
        order.is_position_tpsl = True
        order.siblings = tuple(other.oid for other in orders if other is not order)
        if room(stake, order.is_buy) <= 0:
            reject(state, account, order, "reduceOnlyRejected")
            statuses.append(Failed(words.about(words.INCREASES, order.asset)))
        else:
            statuses.append(trigger.place(state, account, market, order))
    return tuple(statuses)


def cancel(state: State, command: Cancel) -> Reply:
    """By oid."""
    account = state.accounts.get(command.user)
    if account is None:
        return Err(words.NO_DEPOSIT.format(user=command.user))
    return Statuses(
        tuple(_cancel(state, account, asset, account.live.get(oid)) for asset, oid in command.cancels)
    )


def cancel_by_cloid(state: State, command: CancelByCloid) -> Reply:
    """By the client's id."""
    account = state.accounts.get(command.user)
    if account is None:
        return Err(words.NO_DEPOSIT.format(user=command.user))
    found = [(asset, account.by_cloid.get(cloid)) for asset, cloid in command.cancels]
    return Statuses(tuple(_cancel(state, account, asset, order) for asset, order in found))


def _cancel(state: State, account: Account, asset: int, order: Order | None) -> Status:
    if order is None or order.asset != asset or order.oid not in account.live:
        return Failed(f"{words.NOT_THERE} asset={asset}")
    cancel_order(state, account, order, "canceled")
    return SUCCESS


def modify(state: State, command: Modify) -> Reply:
    """Each change on its own: the old order goes, a new one with a new oid comes."""
    account = state.accounts.get(command.user)
    if account is None:
        return Err(words.NO_DEPOSIT.format(user=command.user))
    always = command.always_place
    return Statuses(tuple(_change(state, account, change, always) for change in command.changes))


def _change(state: State, account: Account, change: Change, always: bool) -> Status:
    target, ask = change
    known = account.by_oid.get(target) if isinstance(target, int) else account.by_cloid.get(target)
    if known is None or known.oid not in account.live or known.asset != ask.asset:
        return Failed(words.NO_MODIFY)
    if not always:
        if ask.trigger is not None or ask.tif not in ("Alo", "Gtc"):
            return Failed(words.MODIFY_POST_ONLY)
        ask = ask._replace(tif="Alo")
    drafted = draft(state, ask, known.is_position_tpsl)
    if isinstance(drafted, Flaw):
        return Failed(words.about(drafted.text, ask.asset))
    family = known.parent, known.children, known.siblings, known.waits
    known.children = known.siblings = ()
    cancel_order(state, account, known, "canceled")
    if ask.cloid is None and known.cloid is not None:
        drafted = drafted._replace(ask=ask._replace(cloid=known.cloid))
    status = _replace(state, account, drafted, known, family)
    if isinstance(status, Failed):
        return Failed(words.MODIFY_FAILED.format(error=status.error))
    return status


Family = tuple[int, tuple[int, ...], tuple[int, ...], bool]


def _replace(state: State, account: Account, drafted: Draft, known: Order, family: Family) -> Status:
    """The new order takes the old one's place among parents, children and siblings."""
    order = born(state, account.user, drafted)
    order.is_position_tpsl = known.is_position_tpsl
    order.parent, order.children, order.siblings, waits = family
    for oid in (*order.siblings, *order.children, order.parent):
        relative = account.live.get(oid)
        if relative is not None:
            _rewire(relative, known.oid, order.oid)
    market = state.markets[order.asset]
    if not order.trigger_px:
        return limit(state, account, market, order)
    if waits:
        order.waits = True
        account.enter(order)
        account.live[order.oid] = order
        say(state, order, "open")
        return Waiting("waitingForFill", order.oid)
    return trigger.place(state, account, market, order)


def _rewire(relative: Order, old: int, new: int) -> None:
    relative.siblings = tuple(new if oid == old else oid for oid in relative.siblings)
    relative.children = tuple(new if oid == old else oid for oid in relative.children)
    if relative.parent == old:
        relative.parent = new
