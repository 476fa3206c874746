"""raw_data.time: does the coming hour, session or weekday have an effect?  Silent where it has none."""

from strandloom.indicators.frame import Floats
from strandloom.teams.raw_data.detector import Detector
from strandloom.teams.raw_data.rule import Rule, Seen
from strandloom.teams.raw_data.source import watched


def hour(s: Seen) -> Floats:
    return s.same_hour_t


def session(s: Seen) -> Floats:
    return s.same_session_t


def weekday(s: Seen) -> Floats:
    return s.same_weekday_t


RULES = (
    Rule(
        name="time.hour",
        sentence="The coming hour has gone one way on most of the last 14 days.",
        formula="same_hour_t beyond ±3.4: Bonferroni over the 24 hours at 5 %",
        strength=hour,
        enter=3.4,
        leave=3.4,
        horizon_bars=1,
        quotes=("same_hour_t", "hour", "session"),
    ),
    Rule(
        name="time.session",
        sentence="The session that begins now has gone one way on most of the last 14 days.",
        formula="same_session_t beyond ±3: Bonferroni over the 6 sessions at 5 %",
        strength=session,
        enter=3.0,
        leave=0.0,
        lasts_bars=4,
        horizon_bars=4,
        quotes=("same_session_t", "hour", "session"),
    ),
    Rule(
        name="time.weekday",
        sentence="The coming weekday has gone one way in the last three weeks.",
        formula="same_weekday_t beyond ±2.7: Bonferroni over 7 days at 5 %",
        strength=weekday,
        enter=2.7,
        leave=2.0,
        horizon_bars=12,
        quotes=("same_weekday_t", "weekday"),
    ),
)


def module() -> Detector:
    """On every hour."""
    return Detector("time", watched(RULES, "1h"))
