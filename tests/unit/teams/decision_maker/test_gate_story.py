"""The gate approves and refuses with reasons, the budget follows, and halts hold until released."""

from decimal import Decimal
from typing import Any

from strandloom.blackboard.module import Seat
from strandloom.blackboard.strand import Draft, Strand
from strandloom.kinds.decision import Decision, HaltOrder, Refusal, ResumeOrder
from strandloom.risk.limits import Limits, load
from strandloom.teams.decision_maker.account import AccountKeeper
from strandloom.teams.decision_maker.breaker import Breaker
from strandloom.teams.decision_maker.gate import Gate
from tests.network import Network
from tests.unit.teams.decision_maker.plans import Listed, plan_draft, status, tracking

D = Decimal


async def a_market_place(limits: Limits | None = None, minutes: int = 90, **account: Any) -> Network:
    """An hour and a half of calm market, and an account."""
    in_force = limits or load()
    seats = [
        Seat(module=Breaker(), order="free"),
        Seat(module=AccountKeeper(lambda: in_force), order="free"),
        Seat(module=Gate(Listed("BTC", "ETH"), lambda: in_force, paper=True), order="free"),
    ]
    network = Network(seats, ("BTC",))
    for i in range(minutes):
        price = 100.0 + 0.05 * (i % 2)
        await network.minute({"BTC": (100.0, 100.2, 99.8, price)})
    await network.tell(tracking(**account))
    return network


async def answer_to(network: Network, **plan: Any) -> Strand:
    (strand,) = await network.tell(plan_draft(**plan))
    children = await network.board.past.children(strand.id)
    (answer,) = [child for child in children if child.kind in ("decision", "refusal")]
    return answer


def failed(answer: Strand) -> set[str]:
    assert isinstance(answer.body, Refusal)
    return {one.rule for one in answer.body.failed}


async def test_a_good_plan_is_approved_and_claims_its_risk() -> None:
    network = await a_market_place()
    decision = (await answer_to(network)).body
    assert isinstance(decision, Decision)
    assert decision.worst_price == D("100.2")
    assert decision.risk_usd == D("22.0")
    (claim,) = await network.board.past.look("budget.live")
    assert (claim["state"], D(claim["risk_usd"])) == ("claimed", D(22))
    assert claim["decision"] == str((await network.said("decision"))[0].id)


async def test_a_refusal_names_every_rule_that_failed_in_numbers() -> None:
    network = await a_market_place()
    answer = await answer_to(network, quantity=D(101), confidence=0.5)
    assert failed(answer) == {"position_size", "confidence"}
    assert isinstance(answer.body, Refusal)
    assert "position_size: 10.1202 against 10 % of equity" in answer.body.reason
    assert "dm:refusal" in answer.tags


async def test_without_a_known_account_everything_is_refused() -> None:
    network = Network([Seat(module=Gate(Listed("BTC"), load, paper=True), order="free")])
    await network.minute()
    assert failed(await answer_to(network)) == {"account"}


async def test_a_symbol_that_the_venue_does_not_list_fails_closed() -> None:
    network = await a_market_place()
    assert "price_band" in failed(await answer_to(network, symbol="DOGE"))


async def test_a_hole_in_the_data_refuses_new_entries() -> None:
    network = await a_market_place()
    await network.minute(blocked=("BTC",))
    assert failed(await answer_to(network)) == {"freshness"}


async def test_the_same_idea_is_never_live_twice_unless_it_replaces() -> None:
    network = await a_market_place()
    first = await answer_to(network)
    assert failed(await answer_to(network)) == {"duplicate_plan", "one_position"}
    another = await answer_to(network, idea="BTC:sell:another")
    assert failed(another) == {"one_position"}
    assert isinstance(another.body, Refusal)
    assert another.body.reason == "one_position: the symbol has a position, or a plan that may become one"
    assert isinstance(first.body, Decision)
    newer = await answer_to(network, replaces=first.body.plan)
    assert isinstance(newer.body, Decision)
    (claim,) = await network.board.past.look("budget.live")
    assert claim["plan"] == str(newer.body.plan)


async def test_a_fill_uses_the_budget_and_the_closed_trade_releases_it() -> None:
    network = await a_market_place()
    decision = await answer_to(network)
    await network.tell(status(decision, "filled", filled=D(10), average_price=D(100), risk_usd=D(20)))
    (claim,) = await network.board.past.look("budget.live")
    assert (claim["state"], D(claim["signed_usd"]), D(claim["risk_usd"])) == ("used", D(1000), D(20))
    await network.tell(status(decision, "closed", filled=D(10), realised_usd=D(-20)))
    assert await network.board.past.look("budget.live") == []


async def test_an_entry_that_ends_empty_releases_and_one_that_partly_filled_does_not() -> None:
    network = await a_market_place()
    first = await answer_to(network)
    await network.tell(status(first, "expired"))
    assert await network.board.past.look("budget.live") == []
    second = await answer_to(network)
    await network.tell(status(second, "cancelled", filled=D(1), average_price=D(100), risk_usd=D(2)))
    (claim,) = await network.board.past.look("budget.live")
    assert D(claim["risk_usd"]) == D(2)


async def test_a_part_that_ends_empty_while_others_follow_releases_nothing() -> None:
    network = await a_market_place()
    decision = await answer_to(network)
    await network.tell(status(decision, "cancelled", more=True))
    assert len(await network.board.past.look("budget.live")) == 1


async def test_a_fill_after_giving_up_still_counts() -> None:
    network = await a_market_place()
    decision = await answer_to(network)
    await network.tell(status(decision, "expired"))
    await network.tell(status(decision, "filled", filled=D(10), average_price=D(100), risk_usd=D(20)))
    assert len(await network.board.past.look("budget.live")) == 1


async def test_a_losing_streak_pauses_entries() -> None:
    network = await a_market_place()
    for _ in range(5):
        decision = await answer_to(network)
        await network.tell(status(decision, "closed", filled=D(10), realised_usd=D(-5)))
    assert failed(await answer_to(network)) == {"losing_streak"}


async def test_a_trade_that_is_told_twice_counts_once() -> None:
    network = await a_market_place()
    decision = await answer_to(network)
    for _ in range(6):
        await network.tell(status(decision, "closed", filled=D(10), realised_usd=D(-5)))
    assert isinstance((await answer_to(network)).body, Decision)


async def test_a_day_that_loses_too_much_halts_by_itself() -> None:
    network = await a_market_place()
    await network.tell(tracking(equity_usd=D(90_000)))
    (halt,) = await network.said("halt")
    assert isinstance(halt.body, HaltOrder)
    assert (halt.body.rule, halt.body.by) == ("daily_loss", "network")
    assert {"daily_loss", "kill_switch"} <= failed(await answer_to(network, quantity=D(1)))


async def test_a_deposit_is_no_gain_and_a_withdrawal_no_loss() -> None:
    network = await a_market_place()
    await network.tell(tracking(equity_usd=D(50_000), flows_usd=D(50_000)))
    assert isinstance((await answer_to(network)).body, Decision)
    await network.tell(tracking(equity_usd=D(150_000), flows_usd=D(150_000)))
    await network.tell(tracking(equity_usd=D(140_000), flows_usd=D(150_000)))
    assert await network.said("halt") == []


async def test_a_drawdown_is_latched_until_a_person_releases_it() -> None:
    generous = load()
    generous = generous.model_copy(
        update={"losses": generous.losses.model_copy(update={"daily_percent": D(99)})}
    )
    network = await a_market_place(generous)
    await network.tell(tracking(equity_usd=D(80_000)))
    await network.tell(tracking(equity_usd=D(99_000)))
    assert failed(await answer_to(network)) == {"drawdown", "kill_switch"}
    resume = ResumeOrder(reason="looked into it: a bad fill", rule="drawdown")
    await network.tell(Draft(body=resume, tags=("dm:resume",)))
    assert isinstance((await answer_to(network)).body, Decision)


async def test_a_person_halts_one_symbol_and_resumes_it() -> None:
    network = await a_market_place()
    await network.tell(Draft(body=HaltOrder(reason="news", symbol="BTC"), tags=("dm:halt",)))
    assert failed(await answer_to(network)) == {"kill_switch"}
    await network.tell(Draft(body=ResumeOrder(reason="calm again", symbol="BTC"), tags=("dm:resume",)))
    assert isinstance((await answer_to(network)).body, Decision)


async def test_a_probe_passes_on_paper_and_is_refused_with_real_money() -> None:
    probe = {"exploration": True, "quantity": D("0.2"), "confidence": None}
    network = await a_market_place()
    assert isinstance((await answer_to(network, **probe)).body, Decision)
    real = await a_market_place(mode="real")
    assert failed(await answer_to(real, **probe)) == {"probes_enabled"}


async def test_an_expired_plan_is_refused() -> None:
    network = await a_market_place()
    assert failed(await answer_to(network, expires_at=(await network.said("heartbeat"))[-1].at)) == {"expiry"}
