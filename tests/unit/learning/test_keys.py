"""Pattern keys have one spelling and one ladder of parents."""

from strandloom.learning.keys import ROOT, PatternKey, scopes

LEAF = PatternKey(
    pattern="volume.spike", direction="up", symbol="BTC", timeframe="5m", regime="up_calm", session="asia"
)


def test_a_key_round_trips_through_its_spelling() -> None:
    assert str(LEAF) == "volume.spike:up|symbol=BTC|timeframe=5m|regime=up_calm|session=asia"
    for key in scopes(LEAF):
        assert PatternKey.parse(str(key)) == key


def test_parents_drop_session_regime_timeframe_symbol_family_root() -> None:
    ladder = [LEAF]
    while (above := ladder[-1].parent) is not None:
        ladder.append(above)
    assert [str(key) for key in ladder[1:]] == [
        "volume.spike:up|symbol=BTC|timeframe=5m|regime=up_calm",
        "volume.spike:up|symbol=BTC|timeframe=5m",
        "volume.spike:up|symbol=BTC",
        "volume.spike:up",
        "volume.*",
        "*",
    ]


def test_an_outcome_is_evidence_for_every_subset_of_its_scope() -> None:
    keys = scopes(LEAF)
    assert len(keys) == len(set(keys)) == 18
    assert ROOT in keys


def test_every_ancestor_of_a_scope_is_a_scope() -> None:
    keys = set(scopes(LEAF))
    assert all(key.parent is None or key.parent in keys for key in keys)
