"""The verdict on memory: a sawtooth is flat, a slope is seen, and what is too short is not measured."""

from tests.soak.growth import Life, growths


def lived(seconds: int, mb_per_min: float, saw_mb: float = 0.0) -> Life:
    weighed = [(float(s), 300.0 + mb_per_min * s / 60 + saw_mb * (s % 30) / 30) for s in range(seconds)]
    return Life(pid=1, roles=("trader",), weighed=weighed)


def test_a_sawtooth_is_flat_and_a_slope_is_not() -> None:
    (saw,) = growths([lived(300, 0.0, saw_mb=15.0)])
    assert saw.flat and abs(saw.mb_per_min) < 0.1
    (leak,) = growths([lived(300, 6.0, saw_mb=15.0)])
    assert not leak.flat and abs(leak.mb_per_min - 6.0) < 0.2


def test_what_a_process_takes_while_it_warms_up_does_not_count() -> None:
    life = lived(300, 0.0)
    life.weighed[:50] = [(at, mb - 200 + 4 * at) for at, mb in life.weighed[:50]]
    assert growths([life])[0].flat


def test_a_short_life_is_not_measured_at_all() -> None:
    assert growths([lived(200, 0.0)]) == []
