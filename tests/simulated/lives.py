"""Lessons' lives with known truth: the judge that the network uses, over blocks that were drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np

from strandloom.kinds.lesson import Lesson
from strandloom.learning.lessons.decay import demoted
from strandloom.learning.lessons.judging import judge
from strandloom.learning.lessons.trail import Trail
from strandloom.scoring import gate
from strandloom.scoring.evidence import Bools, Floats
from tests.lessons import NOON, a_lesson
from tests.simulated.blocks import SD_BPS, Candidates

HORIZON_S, COST_BPS, DRIFT_BPS = 1_800, 2.0, 8.0
BLOCK_S = 2 * HORIZON_S
START_S = int(NOON.timestamp()) // BLOCK_S * BLOCK_S
LATER = 900  # blocks in which a death must be noticed
WORTHLESS, MANY = 200, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What became of lessons by their last look, and the blocks that they were judged on."""

    lessons: tuple[Lesson, ...]
    net: Floats

    @property
    def promoted(self) -> Bools:
        return np.array([lesson.status == "active" for lesson in self.lessons])


def lived(net: Floats, drift: float = 0.0) -> Lived:
    """One lesson per row of net results [lesson × block], all registered before the first block."""
    lessons = {
        UUID(int=n): a_lesson(n, horizon_s=HORIZON_S, cost_bps=COST_BPS, alpha=0.05)
        for n in range(1, net.shape[0] + 1)
    }
    for blocks in gate.LOOKS:
        trails = {name: trail(net[name.int - 1, :blocks], drift) for name in lessons}
        now = NOON + timedelta(seconds=BLOCK_S * blocks)
        judged = judge(list(lessons.values()), trails, gate.FEWEST_TRIALS, now, now)
        lessons |= {lesson.lesson: lesson for lesson in judged.moved}
    return Lived(lessons=tuple(lessons.values()), net=net)


def trail(net: Floats, drift: float = 0.0) -> Trail:
    """One outcome per block; what any entry would have earned is `drift`."""
    opened = START_S + BLOCK_S * np.arange(net.size)
    return Trail(
        predictions=tuple(str(UUID(int=n + 1)) for n in range(net.size)),
        opened_s=opened,
        net=net,
        gross=net + COST_BPS,
        drift=np.full(net.size, drift),
        until_s=int(START_S + BLOCK_S * net.size),
    )


def of_nothing(runs: int, seed: int) -> float:
    """The share of runs in which any of two hundred worthless lessons is promoted."""
    rng = np.random.default_rng(seed)
    found = [lived(Candidates.draw(rng, WORTHLESS, 0, 0.5).net).promoted.any() for _ in range(runs)]
    return float(np.mean(found))


def of_a_rising_month(runs: int, seed: int) -> float:
    """The share of runs in which «always long» becomes a lesson, because everything rose."""
    rng = np.random.default_rng(seed)
    share = []
    for _ in range(runs):
        net = rng.normal(DRIFT_BPS - COST_BPS, SD_BPS, (WORTHLESS, max(gate.LOOKS)))
        share.append(lived(net, DRIFT_BPS).promoted.any())
    return float(np.mean(share))


def found(hits: float, runs: int, seed: int) -> float:
    """Power where one lesson in ten is real."""
    rng = np.random.default_rng(seed)
    real = [lived(drawn.net).promoted[drawn.true] for drawn in _drawn(rng, hits, runs)]
    return float(np.concatenate(real).mean())


def deaths_noticed(hits: float, runs: int, seed: int) -> float:
    """Of the real ones that were promoted: how many are suspended within 900 blocks after their edge died."""
    rng = np.random.default_rng(seed)
    noticed = []
    for drawn in _drawn(rng, hits, runs):
        after = lived(drawn.net)
        for row in np.flatnonzero(after.promoted & drawn.true):
            lesson = after.lessons[row]
            assert lesson.confirmation_to is not None
            seen = int(lesson.confirmation_to.timestamp() - START_S) // BLOCK_S
            whole = np.concatenate([drawn.net[row, :seen], rng.normal(0.0, SD_BPS, LATER)])
            noticed.append(demoted(lesson, trail(whole), NOON) is not None)
    return float(np.mean(noticed))


def _drawn(rng: np.random.Generator, hits: float, runs: int) -> Sequence[Candidates]:
    return [Candidates.draw(rng, MANY, MANY // 10, hits) for _ in range(runs)]
