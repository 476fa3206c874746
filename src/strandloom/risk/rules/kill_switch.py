"""While trading is halted, everywhere or on the symbol, nothing is opened."""

from strandloom.risk.limits import Limits
from strandloom.risk.values import Account, Answer, Ask, Market, says


def check(ask: Ask, account: Account, market: Market, limits: Limits) -> Answer:
    halt = next((h for h in account.halts if h.symbol in (None, ask.symbol)), None)
    return says(
        rule="kill_switch",
        approved=halt is None,
        limit="none",
        value="none" if halt is None else halt.rule,
        unit="halt in force",
        why="" if halt is None else halt.reason,
    )
