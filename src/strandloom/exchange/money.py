"""Money in, out and between accounts."""

from typing import Literal

from strandloom.exchange import words
from strandloom.exchange.account import Account
from strandloom.exchange.commands import Deposit, UsdSend, Withdraw
from strandloom.exchange.events import Moved
from strandloom.exchange.margin import withdrawable
from strandloom.exchange.replies import DONE, Err, Reply
from strandloom.exchange.state import State

_MOST = 10**15  # micro-dollars: a billion dollars in one go is a mistake
Kind = Literal["deposit", "withdraw", "send", "receive", "liquidation"]


def deposit(state: State, command: Deposit) -> Reply:
    """The only way in."""
    if not 0 < command.usd <= _MOST:
        return Err(words.BAD_AMOUNT)
    account = open_account(state, command.user)
    account.cash += command.usd
    state.deposited += command.usd
    note(state, account, "deposit", command.usd, None)
    return DONE


def withdraw(state: State, command: Withdraw) -> Reply:
    """The only way out."""
    account = state.accounts.get(command.user)
    no = _refusal(state, account, command.user, command.usd)
    if account is None or no is not None:
        return no or DONE
    account.cash -= command.usd
    state.deposited -= command.usd
    note(state, account, "withdraw", -command.usd, None)
    return DONE


def send(state: State, command: UsdSend) -> Reply:
    """From one account to another."""
    account = state.accounts.get(command.user)
    no = _refusal(state, account, command.user, command.usd)
    if account is None or no is not None:
        return no or DONE
    other = open_account(state, command.to)
    account.cash -= command.usd
    other.cash += command.usd
    note(state, account, "send", -command.usd, command.to)
    note(state, other, "receive", command.usd, command.user)
    return DONE


def open_account(state: State, user: str) -> Account:
    """The account of that address, new when need be."""
    found = state.accounts.get(user)
    if found is None:
        found = state.accounts[user] = Account(user, len(state.accounts))
    return found


def note(state: State, account: Account, kind: Kind, usd: int, other: str | None) -> None:
    """Write it down where the user and the world see it."""
    moved = Moved(state.now, account.user, kind, usd, other)
    account.moves.append(moved)
    state.events.append(moved)


def _refusal(state: State, account: Account | None, user: str, usd: int) -> Err | None:
    if account is None:
        return Err(words.NO_DEPOSIT.format(user=user))
    if usd <= 0:
        return Err(words.BAD_AMOUNT)
    if usd > withdrawable(account, state.markets):
        return Err(words.NO_FUNDS)
    return None
