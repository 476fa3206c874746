"""A followed prediction ends where its bars say, and never better."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.scoring.costs import FLAT, VENUE, cost_model
from strandloom.scoring.follow import Closed, Following, Levels, Stretch, Void
from tests.unit.scoring import follow_twin as twin


def a_minute(
    at: int, o: float, h: float, lo: float, c: float, traded: bool = True, funding: float = 0.0
) -> Stretch:
    return Stretch(
        first_s=at,
        open=[o],
        high=[h],
        low=[lo],
        close=[c],
        volume=[1.0 if traded else 0.0],
        funding=[(0, funding)] if funding else [],
    )


def levels(**changes: object) -> Levels:
    base: dict[str, object] = {
        "up": True,
        "target": 102.0,
        "stop": 99.0,
        "opens_s": 60,
        "expires_s": 600,
        "half_spread_bps": 1.0,
        "slippage_bps": 1.0,
    }
    return Levels(**(base | changes))  # type: ignore[arg-type]


def outcome_of(prediction: Levels, *bars: Stretch) -> Closed | Void | None:
    following = Following("it", prediction, VENUE)
    ends = (following.through(bar) for bar in bars)
    return next((end for end in ends if end is not None), None)


def test_the_entry_is_the_open_of_the_first_bar_after_posting() -> None:
    end = outcome_of(levels(), a_minute(0, 90, 110, 80, 100), a_minute(60, 100, 103, 99.5, 103))
    assert isinstance(end, Closed)
    assert (end.entry, end.exit, end.by) == (100.0, 102.0, "target")
    assert end.gross_bps == pytest.approx(200.0)
    assert end.r_bps == pytest.approx(200.0 - (4.5 + 2.0) - 1.5)


def test_a_target_that_is_only_touched_does_not_count() -> None:
    assert outcome_of(levels(), a_minute(60, 100, 102.0, 99.5, 101)) is None


def test_a_stop_counts_at_touch() -> None:
    end = outcome_of(levels(), a_minute(60, 100, 101, 99.0, 101))
    assert isinstance(end, Closed)
    assert (end.by, end.exit) == ("stop", 99.0)


def test_a_bar_that_opens_beyond_the_stop_fills_at_its_open() -> None:
    end = outcome_of(levels(), a_minute(60, 100, 101, 99.5, 100), a_minute(120, 97, 98, 96, 98))
    assert isinstance(end, Closed)
    assert (end.by, end.exit) == ("stop", 97.0)


def test_when_one_bar_touches_both_the_stop_counts_and_it_is_ambiguous() -> None:
    end = outcome_of(levels(), a_minute(60, 100, 103, 98, 102))
    assert isinstance(end, Closed)
    assert end.by == "stop"
    assert end.ambiguous


def test_without_trading_at_the_opening_there_is_no_outcome() -> None:
    assert outcome_of(levels(), a_minute(60, 100, 100, 100, 100, traded=False)) == Void(name="it", at_s=60)


def test_expiry_closes_at_the_close_and_funding_is_paid() -> None:
    end = outcome_of(
        levels(expires_s=180),
        a_minute(60, 100, 101, 99.5, 100, funding=0.0001),
        a_minute(120, 100, 101, 99.5, 101),
    )
    assert isinstance(end, Closed)
    assert end.by == "expiry"
    assert end.gross_bps - end.r_bps == pytest.approx(2 * 6.5 + 1.0)


def test_drawdown_from_the_best_price_closes() -> None:
    end = outcome_of(
        levels(max_drawdown_bps=80.0, target=110.0),
        a_minute(60, 100, 101.5, 99.5, 101),
        a_minute(120, 101, 101, 100, 100.5),
    )
    assert isinstance(end, Closed)
    assert (end.by, end.exit) == ("drawdown", 100.5)


def test_one_percent_nets_28_basis_points_under_the_flat_model() -> None:
    assert 100.0 - cost_model("flat").round_trip_bps(0.0, 0.0) == pytest.approx(28.0)
    assert FLAT.name == "flat/1"


prices = st.floats(90.0, 110.0).map(lambda x: round(x, 2))


@given(
    st.lists(st.tuples(prices, prices, prices, prices, st.booleans()), min_size=1, max_size=30),
    st.booleans(),
    st.floats(1, 8),
    st.floats(1, 8),
    st.sampled_from([None, 50.0, 150.0]),
)
def test_it_agrees_with_its_slow_twin(
    rows: list[tuple[float, float, float, float, bool]],
    up: bool,
    far: float,
    near: float,
    drawdown: float | None,
) -> None:
    side = 1 if up else -1
    fixed = levels(
        up=up, target=100 + side * far, stop=100 - side * near, expires_s=1_200, max_drawdown_bps=drawdown
    )
    slow = twin.Following(
        levels=twin.Levels(**{name: getattr(fixed, name) for name in twin.Levels.__slots__})
    )
    following = Following("it", fixed, VENUE)
    for i, (o, a, b, c, traded) in enumerate(rows):
        high, low = max(o, a, b, c), min(o, a, b, c)
        after = twin.step(
            slow, twin.Minute(at_s=i * 60, open=o, high=high, low=low, close=c, traded=traded), VENUE
        )
        end = following.through(a_minute(i * 60, o, high, low, c, traded))
        if isinstance(after, twin.Following):
            assert end is None
            slow = after
            continue
        if isinstance(after, twin.Void):
            assert end == Void(name="it", at_s=after.at_s)
        else:
            assert isinstance(end, Closed)
            for what in ("at_s", "entry", "exit", "by", "ambiguous"):
                assert getattr(end, what) == getattr(after, what)
            assert end.r_bps == pytest.approx(after.r_bps)
        return


@pytest.mark.slow
def test_on_a_driftless_walk_near_and_far_targets_are_both_fair() -> None:
    rng = np.random.default_rng(7)
    for far, near in ((3.0, 1.0), (1.0, 3.0)):
        gross = [g for _ in range(12) for g in _walk_outcomes(rng, far, near)]
        mean, error = np.mean(gross), np.std(gross) / np.sqrt(len(gross))
        assert abs(mean) < 4 * error + 1.0  # a target must be gone through by a tick


def _walk_outcomes(rng: np.random.Generator, far: float, near: float) -> list[float]:
    """Gross results of predictions every 20 minutes, all of which have time to end."""
    walk = 100 * np.exp(np.cumsum(rng.normal(0, 2e-5, 60 * 500)))
    path = walk.reshape(500, 60)
    opens = np.concatenate([[100.0], path[:-1, -1]])
    followed: list[Following] = []
    closed = []
    for i in range(500):
        if i % 20 == 0:
            sized = levels(
                target=opens[i] * (1 + far / 1_000),
                stop=opens[i] * (1 - near / 1_000),
                opens_s=i * 60,
                expires_s=(i + 150) * 60,
            )
            followed.append(Following(i, sized, VENUE))
        high, low = max(opens[i], path[i].max()), min(opens[i], path[i].min())
        bar = a_minute(i * 60, opens[i], high, low, path[i, -1])
        ended = {each: end for each in followed if (end := each.through(bar)) is not None}
        followed = [each for each in followed if each not in ended]
        ends = [end for end in ended.values() if isinstance(end, Closed)]
        closed += [end.gross_bps for end in ends if int(str(end.name)) < 350]
    return closed


@pytest.mark.parametrize("seed", range(12))
def test_many_minutes_at_once_end_as_they_would_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    minutes = 240
    close = 100.0 * np.exp(np.cumsum(rng.normal(0, 0.001, minutes)))
    opened = np.concatenate([close[:1], close[:-1]])
    reach = close * np.abs(rng.normal(0, 5e-4, minutes))
    whole = Stretch(
        first_s=0,
        open=opened.tolist(),
        high=(np.maximum(opened, close) + reach).tolist(),
        low=(np.minimum(opened, close) - reach).tolist(),
        close=close.tolist(),
        volume=(rng.random(minutes) > 0.05).astype(float).tolist(),
        funding=[(hour, float(rng.normal(0, 1e-4))) for hour in range(0, minutes, 60)],
    )
    for number in range(20):
        up, at = bool(rng.random() < 0.5), int(rng.integers(0, 150))
        side, price = (1.0 if up else -1.0), float(close[at])
        levels = Levels(
            up=up,
            target=price * (1 + side * 0.002),
            stop=price * (1 - side * 0.002),
            opens_s=(at + 1) * 60,
            expires_s=(at + 1 + int(rng.integers(1, 60))) * 60,
            max_drawdown_bps=15.0 if seed % 4 == 3 else None,
            half_spread_bps=1.0,
            slippage_bps=0.5,
        )
        singly = _in_pieces(Following(number, levels, VENUE), whole, 1)
        assert singly is not None
        assert Following(number, levels, VENUE).through(whole) == singly
        assert _in_pieces(Following(number, levels, VENUE), whole, 7) == singly


def _in_pieces(following: Following, whole: Stretch, minutes: int) -> Closed | Void | None:
    """Its end where it is shown so many minutes at a time, one of them again."""
    for first in range(0, len(whole.close), minutes):
        cut = slice(max(0, first - 1), first + minutes)
        piece = Stretch(
            first_s=cut.start * 60,
            open=whole.open[cut],
            high=whole.high[cut],
            low=whole.low[cut],
            close=whole.close[cut],
            volume=whole.volume[cut],
            funding=[(at - cut.start, rate) for at, rate in whole.funding if cut.start <= at < cut.stop],
        )
        if (end := following.through(piece)) is not None:
            return end
    return None
