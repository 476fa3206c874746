"""Every operating point: how it is simulated, and between which bounds it must lie."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, log, sqrt

from strandloom.scoring import gate
from tests.simulated import decay, lives, promotion, ruin
from tests.simulated.blocks import edge_bps

TRIALS = 2_000
CLAIM = edge_bps(0.58)
PATIENCE = 3.5  # standard errors of a simulation's own noise
ALONE = 0.264  # `exact.alone` gives 0.262, and a false promotion beside it lends a little
AMONG_FIFTY = 0.743  # `exact.noticed` over the claims of 3 900 lessons that a separate program promoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One figure.  `runs` is how often the full simulation repeats it, `draws` what one run counts of it.

    `at_least` and `at_most` are what is hoped for.  Where that cannot be had, `figure` is what it comes to by
    arithmetic, and the simulation must agree within its noise.
    """

    name: str
    simulate: Callable[[int, int], float]  # runs, seed
    runs: int
    draws: int = 1
    at_least: float = 0.0
    at_most: float = 1.0
    figure: float | None = None

    def holds(self, value: float, runs: int, patience: float = 0.0) -> bool:
        """Is this value of so many runs as it should be?  A short run is given patience at its bounds."""
        if self.figure is not None:
            return abs(value - self.figure) <= self._noise(self.figure, runs, PATIENCE)
        low = self.at_least - self._noise(self.at_least, runs, patience)
        return low <= value <= self.at_most + self._noise(self.at_most, runs, patience)

    def _noise(self, share: float, runs: int, patience: float) -> float:
        return patience * sqrt(share * (1.0 - share) / (runs * self.draws))


def _many(name: str, hits: float) -> Callable[[int, int], float]:
    return lambda runs, seed: promotion.mixed(hits, runs, seed)[name]


def _promoted(name: str, blocks: int) -> Callable[[int, int], float]:
    return lambda runs, seed: decay.of_promoted(0.57, runs, seed, blocks)[name]


POINTS = (
    Point(
        name="origin_rule_false_share",
        simulate=lambda runs, seed: promotion.origins_rule(0.57, runs, seed),
        runs=200_000,
        at_least=0.85,
        at_most=0.91,
    ),
    Point(name="gate_false_share_57", simulate=_many("false_share", 0.57), runs=400, draws=30, at_most=0.10),
    Point(name="gate_false_share_60", simulate=_many("false_share", 0.60), runs=400, draws=30, at_most=0.10),
    Point(name="gate_power_57", simulate=_many("power", 0.57), runs=400, draws=50, at_least=0.55),
    Point(name="gate_power_60", simulate=_many("power", 0.60), runs=400, draws=50, at_least=0.92),
    Point(
        name="planted_power_57",
        simulate=lambda runs, seed: promotion.planted(0.57, runs, seed),
        runs=2_000,
        figure=ALONE,
    ),
    Point(
        name="planted_power_60",
        simulate=lambda runs, seed: promotion.planted(0.60, runs, seed),
        runs=2_000,
        at_least=0.70,
    ),
    Point(
        name="any_promotion_in_a_year",
        simulate=lambda runs, seed: promotion.year_of_nothing(TRIALS, runs, seed),
        runs=400,
        at_most=gate.Q * (1 + log(TRIALS / gate.FEWEST_TRIALS)),
    ),
    Point(
        name="dead_noticed_58",
        simulate=lambda runs, seed: decay.noticed(0.0, CLAIM, runs, seed),
        runs=10_000,
        at_least=0.90,
    ),
    Point(
        name="living_suspended_58",
        simulate=lambda runs, seed: decay.noticed(CLAIM, CLAIM, runs, seed),
        runs=10_000,
        at_most=0.05,
    ),
    Point(
        name="promoted_dead_noticed",
        simulate=_promoted("dead_noticed", decay.SOON),
        runs=200,
        draws=30,
        figure=AMONG_FIFTY,
    ),
    Point(
        name="promoted_dead_noticed_later",
        simulate=_promoted("dead_noticed", decay.LATER),
        runs=200,
        draws=30,
        at_least=0.80,
    ),
    Point(
        name="promoted_living_suspended",
        simulate=_promoted("living_suspended", decay.LATER),
        runs=200,
        draws=30,
        at_most=0.06,
    ),
    Point(name="sign_flips_without_promotion", simulate=promotion.flipped, runs=400, at_least=0.90),
    Point(
        name="shuffles_without_promotion",
        simulate=lambda runs, seed: promotion.flipped(runs, seed, drift_sd=0.07),
        runs=400,
        at_most=0.02,
    ),
    Point(name="lessons_of_nothing", simulate=lives.of_nothing, runs=200, at_most=gate.Q),
    Point(name="lessons_of_a_rising_month", simulate=lives.of_a_rising_month, runs=200, at_most=gate.Q),
    Point(
        name="lessons_power_57",
        simulate=lambda runs, seed: lives.found(0.57, runs, seed),
        runs=60,
        draws=50,
        at_least=0.55,
    ),
    Point(
        name="lessons_power_60",
        simulate=lambda runs, seed: lives.found(0.60, runs, seed),
        runs=60,
        draws=50,
        at_least=0.92,
    ),
    Point(
        name="lessons_deaths_noticed",
        simulate=lambda runs, seed: lives.deaths_noticed(0.57, runs, seed),
        runs=60,
        draws=25,
        at_least=0.80,
    ),
    Point(
        name="test_of_nothing_1_to_3",
        simulate=lambda runs, seed: ruin.rejected(1.0, 3.0, runs, seed),
        runs=4_000,
        at_least=0.03,
        at_most=0.07,
    ),
    Point(
        name="test_of_nothing_3_to_1",
        simulate=lambda runs, seed: ruin.rejected(3.0, 1.0, runs, seed),
        runs=4_000,
        at_least=0.03,
        at_most=0.07,
    ),
    Point(
        name="test_by_rows",
        simulate=lambda runs, seed: ruin.rejected(inf, inf, runs, seed, by_rows=True, every=ruin.APART),
        runs=4_000,
        at_least=0.20,
        at_most=0.27,
    ),
    Point(
        name="wins_counted_by_closing",
        simulate=ruin.wins_by_closing,
        runs=1_000,
        draws=15,
        at_least=0.85,
    ),
)
