"""How fast learning is: all keys scored, keys compared, one outcome taken in, and a night over a million."""

from strandloom.basics.garbage import seldom_collected
from strandloom.bench.board import fresh_database
from strandloom.bench.learning.night import night_s_mb
from strandloom.bench.learning.outcome import outcome_update_ms
from strandloom.bench.learning.scoring import correlate_2k_keys_s, score_100k_keys_s


async def run() -> dict[str, float]:
    """Scoring is pure and measured in processor time; outcome and night go through an embedded database."""
    scored, correlated = score_100k_keys_s(), correlate_2k_keys_s()
    with seldom_collected():
        async with fresh_database() as database:
            taken, commit = await outcome_update_ms(database)
            night_s, night_mb = await night_s_mb(database)
    return {
        "score_100k_keys_s": round(scored, 3),
        "correlate_2k_keys_s": round(correlated, 3),
        "outcome_update_ms": round(taken, 3),
        "one_commit_ms": round(commit, 3),
        "nightly_1m_s": round(night_s, 1),
        "nightly_peak_mb": round(night_mb),
    }
