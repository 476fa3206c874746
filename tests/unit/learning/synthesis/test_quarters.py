"""Two weeks of quarter hours: one told twice counts once, old ones leave, days lie side by side."""

from strandloom.learning.synthesis.quarters import DAYS, SLOTS, History, Quarter


def a_quarter(number: int, **began: tuple[str, ...]) -> Quarter:
    return Quarter(number=number, began=began)


def test_the_same_quarter_twice_counts_once() -> None:
    history = History([a_quarter(5, spike=("BTC", "ETH")), a_quarter(5, spike=("BTC", "ETH"))])
    assert history.events("spike") == 2
    assert [quarter.number for quarter in history.since(0)] == [5]


def test_a_quarter_told_again_with_other_events_replaces_the_first() -> None:
    history = History([a_quarter(5, spike=("BTC",)), a_quarter(5, trend=("ETH",))])
    assert history.streams() == {"trend": {5: ("ETH",)}}


def test_meetings_are_on_one_symbol_in_one_quarter() -> None:
    history = History(
        [
            a_quarter(1, spike=("BTC", "ETH"), trend=("ETH", "SOL")),
            a_quarter(2, spike=("BTC",)),
            a_quarter(3, spike=("BTC",), trend=("BTC",)),
        ]
    )
    assert history.meetings("spike", "trend") == 2


def test_after_two_weeks_a_quarter_leaves_with_its_streams() -> None:
    history = History([a_quarter(0, rare=("BTC",))])
    for number in range(1, (DAYS + 1) * SLOTS + 1):
        history.put(a_quarter(number, spike=("BTC",)))
    assert "rare" not in history.streams()
    assert history.events("spike") == len(history.since(0)) == (DAYS + 1) * SLOTS


def test_whole_days_end_with_the_newest_quarter() -> None:
    last = 3 * SLOTS + 7
    history = History([a_quarter(last - SLOTS, spike=("ETH",)), a_quarter(last, spike=("BTC", "gone"))])
    cube = history.cube("spike", last, 2, {"BTC": 0, "ETH": 1})
    assert cube.shape == (2, SLOTS, 2)
    assert cube.sum() == 2 and cube[0, -1, 1] == 1 and cube[1, -1, 0] == 1
