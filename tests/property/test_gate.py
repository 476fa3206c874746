"""Whatever is planned, filled, priced or lost: no limit is ever exceeded, and closing is always possible."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from strandloom.blackboard.tables import Tables
from strandloom.blackboard.writes import write_named
from strandloom.risk import gate
from strandloom.risk.values import Account, Ask, Exposure, Market
from strandloom.teams.decision_maker import tables
from tests.network import NOON
from tests.unit.risk.situations import LIMITS, a_market

D = Decimal
SYMBOLS = ("BTC", "ETH", "SOL", "XRP", "SUI", "LINK")
money = st.decimals("0.001", "400", places=3)


class Trading(RuleBasedStateMachine):
    """Random plans against the real rules and the real writes of the budget."""

    def __init__(self) -> None:
        super().__init__()
        self.tables = Tables()
        self.equity = D(100_000)
        self.made = 0

    def live(self) -> list[Exposure]:
        return [
            Exposure(
                plan=row["plan"],
                idea=row["idea"],
                symbol=row["symbol"],
                signed_usd=D(row["signed_usd"]),
                risk_usd=D(row["risk_usd"]),
                exploration=row["exploration"],
                claimed=row["state"] == "claimed",
            )
            for _, row in self.tables["risk_claims"].rows()
        ]

    def account(self) -> Account:
        return Account(equity_usd=self.equity, day_start_usd=D(100_000), exposures=tuple(self.live()))

    def market(self, symbol: str) -> Market:
        others = {name: 0.8 for name in SYMBOLS if name != symbol}
        return replace(a_market(), correlation=others)

    def apply(self, write: object) -> bool:
        named = write_named(write.name)  # type: ignore[attr-defined]
        assert named is not None
        done = named.in_memory(self.tables, write.values)  # type: ignore[attr-defined]
        self.tables.commit() if done else self.tables.rollback()
        return done

    @rule(
        symbol=st.sampled_from(SYMBOLS),
        buys=st.booleans(),
        quantity=money,
        distance=st.decimals("0.01", "60", places=2),
        probing=st.booleans(),
        lost_race=st.booleans(),
    )
    def plan(
        self, symbol: str, buys: bool, quantity: Decimal, distance: Decimal, probing: bool, lost_race: bool
    ) -> None:
        self.made += 1
        plan = f"00000000-0000-0000-0000-{self.made:012d}"
        ask = Ask(
            plan=plan,
            idea=plan,
            symbol=symbol,
            buys=buys,
            quantity=quantity,
            price=D(100),
            stop=D(100) - distance if buys else D(100) + distance,
            exploration=probing,
            confidence=0.9,
            expected_net_bps=50.0,
            cost_bps=10.0,
        )
        judged = gate.judge(ask, self.account(), self.market(symbol), LIMITS)
        if isinstance(judged, gate.Refused):
            return
        if lost_race:  # somebody else claims between our look and our write
            self.apply(self._claim(replace(ask, plan=plan[:-1] + "x", idea=plan + "x", symbol="DOGE")))
        self.apply(self._claim(ask))

    def _claim(self, ask: Ask) -> object:

        budget = self.equity * LIMITS.account.risk_budget_percent / 100
        probes = self.equity * LIMITS.probes.budget_percent / 100
        return tables.claim(ask, UUID(int=self.made), NOON, NOON, budget, probes)

    @rule(share=st.sampled_from([D("0.25"), D(1)]), at=st.integers(0, 40))
    def fill(self, share: Decimal, at: int) -> None:
        claimed = [e for e in self.live() if e.claimed]
        if claimed:
            e = claimed[at % len(claimed)]
            values = {
                "plan": e.plan,
                "signed_usd": str(e.signed_usd * share),
                "risk_usd": str(e.risk_usd * share),
            }
            assert self.apply(tables.Write(name="budget.use", values=values))

    @rule(at=st.integers(0, 40))
    def close(self, at: int) -> None:
        if live := self.live():
            plan = live[at % len(live)].plan
            assert self.apply(
                tables.Write(name="budget.release", values={"plan": plan, "at": NOON.isoformat()})
            )
            assert plan not in self.tables["risk_claims"]

    @rule(equity=st.sampled_from([D(100_000), D(95_000), D(91_000), D(80_000), D(1), D(-50)]))
    def mark(self, equity: Decimal) -> None:
        self.equity = equity

    @invariant()
    def the_budget_is_never_overspent_by_a_claim(self) -> None:
        risk = sum((e.risk_usd for e in self.live()), D(0))
        assert risk <= D(100_000) * LIMITS.account.risk_budget_percent / 100
        probes = sum((e.risk_usd for e in self.live() if e.exploration), D(0))
        assert probes <= D(100_000) * LIMITS.probes.budget_percent / 100

    @invariant()
    def every_open_exposure_is_counted_once(self) -> None:
        assert self.account().risk_usd == sum((e.risk_usd for e in self.live()), D(0))
        assert len({e.plan for e in self.live()}) == len(self.live())
        assert len({e.symbol for e in self.live()}) == len(self.live())

    @invariant()
    def closing_is_always_possible(self) -> None:
        for e in self.live():
            ask = Ask(
                plan=e.plan,
                idea="close",
                symbol=e.symbol,
                buys=e.signed_usd < 0,
                quantity=D(1),
                price=D(100),
                stop=None,
                reduces_only=True,
            )
            blind = replace(self.market(e.symbol), bar_age_s=None, spread_bps=None, venue_healthy=False)
            assert isinstance(gate.judge(ask, self.account(), blind, LIMITS), gate.Approved)

    @invariant()
    def after_a_lost_day_nothing_is_opened(self) -> None:
        if self.equity <= D(90_000):
            ask = Ask(
                plan="p",
                idea="i",
                symbol="BTC",
                buys=True,
                quantity=D(1),
                price=D(100),
                stop=D(99),
                confidence=0.9,
            )
            assert isinstance(gate.judge(ask, self.account(), self.market("BTC"), LIMITS), gate.Refused)


TestTrading = Trading.TestCase
TestTrading.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
