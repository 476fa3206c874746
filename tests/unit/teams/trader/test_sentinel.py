"""Near a limit is told once on the way up; at the limit a halt is asked for."""

from decimal import Decimal
from typing import Any

import pytest

from strandloom.blackboard.module import Seat
from strandloom.kinds.decision import HaltOrder
from strandloom.kinds.position import RiskAlert
from strandloom.risk.limits import load
from strandloom.teams.decision_maker.account import AccountKeeper
from strandloom.teams.trader.sentinel import Sentinel
from tests.network import Network
from tests.unit.teams.decision_maker.plans import tracking

D = Decimal
LIMITS = load()


async def told(*bodies: dict[str, Any]) -> tuple[list[tuple[str, str]], list[str]]:
    """What the sentinel says to one look at the account after the other."""
    seats = [Seat(module=AccountKeeper(load), order="free"), Seat(module=Sentinel(load), order="free")]
    network = Network(seats, ("BTC",))
    await network.minute()
    for changes in bodies:
        await network.tell(tracking(**changes), by="trader.tracker")
    alerts = [s.body for s in await network.said("risk_alert")]
    halts = [s for s in await network.said("halt") if s.module == "trader.sentinel"]
    return (
        [(b.rule, b.level) for b in alerts if isinstance(b, RiskAlert)],
        [s.body.rule for s in halts if isinstance(s.body, HaltOrder)],
    )


def gross(percent_of_limit: int) -> dict[str, Any]:
    usd = D(100_000) * LIMITS.account.gross_percent / 100 * percent_of_limit / 100
    return {"gross_usd": usd, "net_usd": D(0), "correlated_usd": D(0)}


def lost(percent_of_limit: int) -> dict[str, Any]:
    share = LIMITS.losses.daily_percent / 100 * percent_of_limit / 100
    return {"equity_usd": D(100_000) * (1 - share)}


async def test_well_inside_the_limits_nothing_is_said() -> None:
    assert await told(gross(50), lost(50)) == ([], [])


async def test_coming_near_is_told_once() -> None:
    assert await told(gross(70), gross(85), gross(90)) == ([("gross_exposure", "near")], [])


async def test_reaching_a_limit_asks_for_a_halt_once() -> None:
    alerts, halts = await told(gross(85), gross(101), gross(102))
    assert alerts == [("gross_exposure", "near"), ("gross_exposure", "reached")]
    assert halts == ["gross_exposure"]


async def test_a_jump_past_both_says_both() -> None:
    alerts, halts = await told(gross(10), gross(120))
    assert [level for _, level in alerts] == ["near", "reached"]
    assert halts == ["gross_exposure"]


@pytest.mark.parametrize(("percent", "levels"), [(85, ["near"]), (105, ["near", "reached"])])
async def test_what_a_day_lost_is_watched(percent: int, levels: list[str]) -> None:
    alerts, _ = await told({}, lost(percent))
    assert [level for rule, level in alerts if rule == "daily_loss"] == levels


async def test_positions_that_move_together_count_together() -> None:
    usd = D(100_000) * LIMITS.account.correlated_percent / 100 * D("0.9")
    alerts, _ = await told({"correlated_usd": D(0)}, {"correlated_usd": usd})
    assert alerts == [("correlated_exposure", "near")]
