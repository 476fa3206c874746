"""decision_maker.gate: judges every plan by every rule, and approves or refuses with reasons in numbers."""

from collections.abc import Callable
from datetime import timedelta

from strandloom.basics.ids import strand_id
from strandloom.basics.iso import iso
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Said, Strand, new_draft, new_said
from strandloom.kinds.decision import Decision
from strandloom.kinds.instrument import Instruments
from strandloom.kinds.plan import TradingPlan
from strandloom.kinds.position import PositionTracking
from strandloom.learning.lessons.retrieve import Shelf
from strandloom.risk import gate
from strandloom.risk.limits import Limits
from strandloom.risk.values import ZERO, Account, Answer, Ask
from strandloom.teams.decision_maker import contraindication, prices, situation, tables
from strandloom.teams.decision_maker.answers import refusal, shown


class Gate:
    """Fetches how things stand, asks the rules, and says what they said.

    The claim on the risk budget is a write of the same transaction as the decision; when somebody else was
    faster, the runner asks again and the rules see the smaller budget.
    """

    name = "decision_maker.gate"
    reads = ("dm:plan",)

    def __init__(self, instruments: Instruments, limits: Callable[[], Limits], *, paper: bool) -> None:
        self._instruments = instruments
        self._limits = limits
        self._paper = paper
        self._shelf = Shelf()

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        plan = strand.body
        if not isinstance(plan, TradingPlan):
            return NOTHING
        account, tracking = await situation.account_now(desk)
        if account is None or tracking is None:
            return _refused(strand, plan, (NO_ACCOUNT,))
        blocked = await situation.is_blocked(plan.symbol, desk)
        market = situation.market_of(
            plan.symbol,
            desk.market,
            desk.now,
            self._instruments,
            blocked=blocked,
            healthy=tracking.venue_healthy,
        )
        ask, limits = ask_of(strand, plan), self._limits()
        judged = gate.judge(ask, account, market, limits)
        own = self._own_rules(plan, desk, tracking, limits)
        told = await contraindication.heard(plan, await self._shelf.at(desk), desk)
        answers = (*judged.answers, *own, *told.answers)
        passed = isinstance(judged, gate.Approved) and all(map(gate.approves, own))
        if passed and told.allows:
            said = _approved(strand, plan, ask, answers, account, limits)
        else:
            said = _refused(strand, plan, answers)
        taken = told.taken() if passed and (told.allows or plan.held_out) else ()
        return new_said(drafts=said.drafts, writes=(*said.writes, *taken)) if taken else said

    def _own_rules(
        self, plan: TradingPlan, desk: Desk, tracking: PositionTracking, limits: Limits
    ) -> tuple[Answer, ...]:
        """What depends on the plan alone: it is still good, and probes are allowed here."""
        fresh = Answer(
            rule="expiry",
            approved=plan.expires_at > desk.now,
            limit=iso(plan.expires_at),
            value=iso(desk.now),
            unit="market time",
        )
        if not plan.exploration:
            return (fresh,)
        allowed = limits.probes.enabled
        may_probe = allowed == "always" or (allowed == "paper" and self._paper and tracking.mode != "real")
        probing = Answer(
            rule="probes_enabled", approved=may_probe, limit=allowed, value=tracking.mode, unit="mode"
        )
        return fresh, probing


A_DAY = timedelta(days=1)
NO_ACCOUNT = Answer(
    rule="account",
    approved=False,
    limit="known",
    value="unknown",
    unit="account",
    why="nobody has told yet what is held",
)


def ask_of(strand: Strand, plan: TradingPlan) -> Ask:
    """The plan as the rules want it."""
    return Ask(
        plan=str(strand.id),
        idea=plan.idea,
        symbol=plan.symbol,
        buys=plan.side == "buy",
        quantity=plan.quantity,
        price=plan.entry_price or prices.worst(plan.reference, plan.side),
        stop=plan.stop,
        take_profit=plan.take_profit,
        exploration=plan.exploration,
        by_person=plan.by == "person",
        confidence=plan.confidence,
        expected_net_bps=plan.expected.net_bps,
        cost_bps=plan.expected.cost_bps,
        holding_s=plan.time_limit_s,
        replaces=str(plan.replaces) if plan.replaces else None,
    )


def _approved(
    strand: Strand,
    plan: TradingPlan,
    ask: Ask,
    answers: tuple[Answer, ...],
    account: Account,
    limits: Limits,
) -> Said:
    expires = min(plan.expires_at, strand.at + A_DAY)
    decision = Decision(
        intent="open",
        plan=strand.id,
        symbol=plan.symbol,
        side=plan.side,
        quantity=plan.quantity,
        entry_type=plan.entry_type,
        entry_price=plan.entry_price,
        worst_price=ask.price,
        stop=plan.stop,
        take_profit=plan.take_profit,
        time_limit_s=plan.time_limit_s,
        time_in_force=plan.time_in_force,
        expires_at=expires,
        condition=plan.condition,
        exploration=plan.exploration,
        risk_usd=ask.risk_usd,
        replaces=plan.replaces,
        venue=plan.venue,
        lessons_shown=plan.lessons_shown,
        held_out=plan.held_out,
        answers=tuple(map(shown, answers)),
        reason=plan.reason,
    )
    name = strand_id(strand.at, strand.id, Gate.name, "decision", 0)
    equity = max(account.equity_usd, ZERO)
    claim = tables.claim(
        ask,
        name,
        strand.at,
        expires,
        equity * limits.account.risk_budget_percent / 100,
        equity * limits.probes.budget_percent / 100,
    )
    draft = new_draft(
        body=decision, tags=("trader:execute", "cil:decision", "dm:decision"), symbol=plan.symbol
    )
    ended = (tables.release(plan.replaces, strand.at),) if plan.replaces else ()
    return new_said(drafts=(draft,), writes=(*ended, claim))


def _refused(strand: Strand, plan: TradingPlan, answers: tuple[Answer, ...]) -> Said:
    return new_said(drafts=(refusal(strand.id, plan.symbol, plan.side, answers),))
