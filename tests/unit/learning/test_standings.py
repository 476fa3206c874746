"""What a minute works out is read from the next minute on, by everybody alike."""

from strandloom.blackboard.strand import Scores
from strandloom.learning.keys import PatternKey
from strandloom.learning.scored import Scored
from strandloom.learning.standings import Standings

LEAF = PatternKey(
    pattern="volume.spike", direction="up", symbol="BTC", timeframe="5m", regime="up_calm", session="asia"
)


def a_row(phi: float, theta: float | None = None) -> Scored:
    return Scored(key=LEAF, n=30, n_blocks=25, fresh=9.0, sr=0.6, sr_low=0.5, phi=phi, rho=0.3, theta=theta)


def test_the_minute_that_works_it_out_does_not_read_it_yet() -> None:
    standings = Standings()
    standings.tell(600, [a_row(0.4)], theta=0.2)
    assert standings.of(LEAF, 600) == Scores()
    assert standings.of(LEAF, 660, confidence=0.7) == Scores(confidence=0.7, phi=0.4, rho=0.3, theta=0.2)


def test_newer_numbers_replace_older_ones_and_theta_stays_until_the_next_night() -> None:
    standings = Standings()
    standings.tell(600, [a_row(0.4)], theta=0.2)
    standings.tell(660, [a_row(0.5)])
    assert standings.of(LEAF, 660).phi == 0.4
    assert standings.of(LEAF, 720) == Scores(phi=0.5, rho=0.3, theta=0.2)


def test_a_pattern_that_nobody_knows_still_says_how_alive_the_network_is() -> None:
    standings = Standings()
    standings.tell(600, [], theta=0.2)
    assert standings.of(LEAF, 660) == Scores(theta=0.2)


def test_after_a_restart_the_newest_row_has_the_newest_theta() -> None:
    standings = Standings()
    standings.know(a_row(0.4, theta=0.3), "2025-05-21T00:00:00+00:00")
    standings.know(a_row(0.5, theta=0.1), "2025-05-20T00:00:00+00:00")
    assert standings.theta == 0.3
