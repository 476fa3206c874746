"""What ways of sending have come to is asked for once in a handling, and no more than is needed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from strandloom.blackboard.strand import Strand
from strandloom.teams.trader.combination import Combination
from strandloom.teams.trader.ways import Ways
from tests.unit.teams.trader.desk import D, TradingDesk

NAME = UUID(int=7)
MAKER = Combination(venue="paper", style="maker", volatility="quiet", spread="tight", size="small")
TAKER = Combination(venue="paper", style="taker", volatility="wild", spread="tight", size="large")
WIDE = Combination(venue="paper", style="taker", volatility="wild", spread="wide", size="small")


class Asked:
    """A desk, a board and its tables that know nothing and remember what was asked."""

    near = True

    def __init__(self) -> None:
        self.board = self.tables = self
        self.looks: list[list[str]] = []
        self.gets: list[UUID] = []

    async def look(self, name: str, *, keys: list[str]) -> Sequence[dict[str, Any]]:
        self.looks.append(keys)
        return [{"key": "paper", "measured": 1.0}]

    async def get(self, strand_id: UUID) -> Strand | None:
        self.gets.append(strand_id)
        return None


def test_the_family_has_every_key_of_its_members() -> None:
    assert {*MAKER.keys, *TAKER.keys} <= set(MAKER.family)
    assert MAKER.family == TAKER.family != WIDE.family
    assert list(MAKER.family) == sorted(MAKER.family)


async def test_what_was_asked_is_not_asked_again() -> None:
    desk = Asked()
    ways = Ways(desk)  # type: ignore[arg-type]
    await ways.learn([MAKER, TAKER], [NAME, None])
    await ways.learn([TAKER], [NAME])
    assert desk.looks == [list(MAKER.family)]
    assert desk.gets == [NAME]
    assert ways.sums["paper"]["measured"] == 1.0
    assert ways.volatility(NAME) == ways.volatility(None) == "normal"
    await ways.learn([WIDE], [])
    assert desk.looks[1:] == [list(WIDE.family)]


async def test_an_entry_asks_once_for_what_its_style_and_its_chance_lean_on() -> None:
    desk = TradingDesk()
    await desk.calm(70)
    slate = desk.network.board.slate
    families = []
    look = slate.look

    def remembering(name: str, values: Any) -> Any:
        if name == "execution.sums" and len(values["keys"]) > 1:  # the analyser asks for one key at a time
            families.append(values["keys"])
        return look(name, values)

    slate.look = remembering  # type: ignore[method-assign]
    await desk.decide(quantity=D(10), take_profit=None)  # its stop is of another size
    assert {intent.p for leg in ("entry", "stop") for intent in await desk.intents(leg)} == {0.5}
    assert len(families) == 1
