"""API wallets: who may sign for whom, and until when."""

from strandloom.exchange import words
from strandloom.exchange.commands import ApproveAgent
from strandloom.exchange.replies import DONE, Err, Reply
from strandloom.exchange.state import State

NOBODY = "0x" + "0" * 40
_DAY_MS = 86_400_000
_DEFAULT_DAYS, _MOST_DAYS = 90, 180
_NAMED, _NAME_LENGTH = 3, 16


def approve(state: State, command: ApproveAgent) -> Reply:
    """One unnamed and three named agents; a name's new agent replaces the old one."""
    account = state.accounts.get(command.user)
    if account is None:
        return Err(words.NO_DEPOSIT.format(user=command.user))
    name, until = parse_name(command.name, command.valid_until)
    if name is not None and len(name) > _NAME_LENGTH:
        return Err(words.AGENT_NAME)
    if until is not None and not state.now < until <= state.now + _MOST_DAYS * _DAY_MS:
        return Err(words.AGENT_UNTIL)
    agent = command.agent
    if agent != NOBODY and (agent in state.agents or agent in state.accounts):
        return Err(words.AGENT_USED)
    replaced = [known for known, (called, _) in account.agents.items() if called == name]
    named = sum(called is not None for called, _ in account.agents.values())
    if agent != NOBODY and name is not None and not replaced and named >= _NAMED:
        return Err(words.AGENT_COUNT)
    for known in replaced:
        del account.agents[known], state.agents[known]
    if agent != NOBODY:
        account.agents[agent] = (name, until or state.now + _DEFAULT_DAYS * _DAY_MS)
        state.agents[agent] = command.user
    return DONE


def parse_name(name: str | None, until: int | None) -> tuple[str | None, int | None]:
    """A name may end in `valid_until <ms>`; the empty name is no name."""
    if name and " valid_until " in f" {name}":
        head, _, tail = f" {name}".rpartition(" valid_until ")
        if tail.strip().isdigit():
            name, until = head.strip(), int(tail)
    return name or None, until


def master(state: State, agent: str) -> str | None:
    """Whose agent this is, if its time is not over."""
    user = state.agents.get(agent)
    if user is None:
        return None
    until = state.accounts[user].agents[agent][1]
    return user if until is None or state.now <= until else None
