"""Honesty of the whole path: nothing comes of nothing, and history is replayed as it was known."""

import pytest

from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import NOTHING, Said, Strand
from strandloom.learning.lessons.retrieve import MINUTE, Shelf
from strandloom.scoring import gate
from tests.school import COST_BPS, School, Taught

WORTHLESS = tuple(Taught(name=f"volume.nothing_{n}") for n in range(8))
FREE = tuple(Taught(name=f"volume.free_{n}", edge_bps=COST_BPS) for n in range(8))  # costs just covered
SEEDS = 10


async def promoted(taught: tuple[Taught, ...], seed: int) -> int:
    school = School(taught, days=12, seed=seed)
    for each in taught:
        await school.suppose(each.name)
    await school.days(11)
    return len(await school.lessons("active", "contraindicated"))


@pytest.mark.slow
@pytest.mark.parametrize("taught", [WORTHLESS, FREE], ids=["costs_lose", "costs_are_just_covered"])
async def test_on_driftless_walks_hardly_a_run_promotes_anything(taught: tuple[Taught, ...]) -> None:
    runs = [await promoted(taught, seed) for seed in range(SEEDS)]
    assert sum(found > 0 for found in runs) <= SEEDS * gate.Q


class Witness:
    """Somebody who looks at the lessons in force each hour, as any module does."""

    name = "raw_data.witness"
    reads = ("market:heartbeat:60m",)

    def __init__(self) -> None:
        self.saw: dict[str, list[str]] = {}
        self._shelf = Shelf()

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        known = await self._shelf.at(desk)
        self.saw[(desk.now - MINUTE).isoformat()] = [f"{x.lesson}:{x.revision}" for x in known.lessons]
        return NOTHING


async def test_replaying_history_shows_at_each_moment_what_was_known_then() -> None:
    witness = Witness()
    taught = (
        Taught(name="volume.good", edge_bps=COST_BPS + 25.0, dies=6),
        Taught(name="volume.harmful", edge_bps=-25.0),
    )
    school = School(taught, days=20, seed=3, more=[witness])
    for each in taught:
        await school.suppose(each.name)
    await school.days(19)
    assert len({tuple(names) for names in witness.saw.values()}) >= 3  # nothing, then one or both, then less
    for at, names in witness.saw.items():
        told = await school.board.past.look("lesson.in_force", at=at)
        assert [f"{row['content']['lesson']}:{row['content']['revision']}" for row in told] == names
