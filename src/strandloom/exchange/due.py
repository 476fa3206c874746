"""What falls due as time passes: hourly funding and scheduled cancels."""

from strandloom.exchange import funding, words
from strandloom.exchange.account import Account
from strandloom.exchange.asset import MICRO
from strandloom.exchange.commands import ScheduleCancel
from strandloom.exchange.life import cancel
from strandloom.exchange.replies import DONE, Err, Reply
from strandloom.exchange.state import NEVER, State

_DAY_MS = 86_400_000
_SOONEST_MS = 5_000


def advance(state: State, at: int) -> None:
    """Move time to `at`, doing what falls due on the way, in order."""
    if state.now == 0:
        state.next_hour = at - at % funding.HOUR_MS + funding.HOUR_MS
        plan(state)
    while state.due <= at:
        state.now = max(state.now, state.due)
        if state.due >= state.next_hour:
            funding.settle(state)
            state.next_hour += funding.HOUR_MS
        for account in state.accounts.values():
            if account.cancel_at is not None and account.cancel_at <= state.now:
                _go_off(state, account)
        plan(state)
    state.now = max(state.now, at)


def plan(state: State) -> None:
    """When next to look."""
    cancels = (a.cancel_at for a in state.accounts.values() if a.cancel_at is not None)
    state.due = min(state.next_hour, min(cancels, default=NEVER))


def schedule(state: State, command: ScheduleCancel) -> Reply:
    """A dead man's switch, for accounts that trade enough."""
    account = state.accounts.get(command.user)
    if account is None:
        return Err(words.NO_DEPOSIT.format(user=command.user))
    if command.time is None:
        account.cancel_at = None
        plan(state)
        return DONE
    rules = state.rules
    if account.volume < rules.schedule_volume_usd:
        traded = f"{account.volume / MICRO:.2f}"
        required = rules.schedule_volume_usd // MICRO
        return Err(words.SCHEDULE_VOLUME.format(required=required, traded=traded))
    if command.time < state.now + _SOONEST_MS:
        return Err(words.SCHEDULE_SOON)
    if account.schedule_day == state.now // _DAY_MS and account.schedules >= rules.schedules_per_day:
        return Err(words.SCHEDULE_DAY.format(limit=rules.schedules_per_day))
    account.cancel_at = command.time
    plan(state)
    return DONE


def _go_off(state: State, account: Account) -> None:
    """Cancel every order; positions stay."""
    account.cancel_at = None
    day = state.now // _DAY_MS
    if account.schedule_day != day:
        account.schedule_day, account.schedules = day, 0
    account.schedules += 1
    for order in list(account.live.values()):
        if order.oid in account.live:
            cancel(state, account, order, "scheduledCancel")
