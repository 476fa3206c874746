"""The story of a strand: its causes above it, what came of it below, and nothing else."""

from uuid import UUID, uuid4

from strandloom.blackboard.cause import Cause
from strandloom.blackboard.memory_board import MemoryBoard, memory_board
from strandloom.blackboard.trace import Story, lines, tell
from tests.builders import NOON, a_note, from_feed
from tests.kinds import Note


class Family:
    """Notes by name, each with the parents it is given."""

    def __init__(self) -> None:
        self.board: MemoryBoard = memory_board(lambda: NOON)
        self.ids: dict[str, UUID] = {}

    async def born(self, name: str, *parents: str) -> None:
        draft = a_note(name, parents=tuple(self.ids[parent] for parent in parents))
        (self.ids[name],) = await self.board.post([draft], Cause(module="raw_data.x", at=NOON, key=name))

    async def story(self, name: str, limit: int = 100) -> Story:
        story = await tell(self.board, self.ids[name], limit=limit)
        assert story is not None
        return story


def drawn(story: Story) -> list[str]:
    return [
        line.branches + line.strand.body.text + "+" * len(line.also_from)
        for line in lines(story)
        if isinstance(line.strand.body, Note)
    ]


async def a_family() -> Family:
    family = Family()
    await family.born("root")
    await family.born("uncle", "root")
    await family.born("mother", "root")
    await family.born("child", "mother", "uncle")
    await family.born("cousin", "uncle")
    await family.born("grandchild", "child")
    await family.born("twin", "child")
    await family.born("stranger")
    return family


async def test_a_story_goes_up_to_the_roots_and_down_to_the_leaves() -> None:
    story = await (await a_family()).story("child")

    assert drawn(story) == [
        "root",
        "├─ uncle",
        "└─ mother",
        "   └─ child+",
        "      ├─ grandchild",
        "      └─ twin",
    ]
    assert not story.cut_short


async def test_a_root_tells_everything_that_came_of_it() -> None:
    story = await (await a_family()).story("root")

    assert drawn(story) == [
        "root",
        "├─ uncle",
        "│  └─ cousin",
        "└─ mother",
        "   └─ child+",
        "      ├─ grandchild",
        "      └─ twin",
    ]


async def test_a_long_story_is_cut_short_and_says_so() -> None:
    story = await (await a_family()).story("root", limit=3)

    assert story.cut_short
    assert len(story.strands) == 3


async def test_a_strand_that_does_not_exist_has_no_story() -> None:
    assert await tell(memory_board(lambda: NOON), uuid4()) is None


async def test_a_lonely_strand_is_a_story_of_one() -> None:
    board = memory_board(lambda: NOON)
    (only,) = await board.post([a_note("only")], from_feed())
    story = await tell(board, only)

    assert story is not None and drawn(story) == ["only"]
