"""Which feed the settings mean."""

from pathlib import Path

import pytest

from strandloom.basics.errors import CannotStart
from strandloom.market import minute as minutes
from strandloom.market import sample
from strandloom.market.files.writing import of_bars, write
from strandloom.market.source import source
from strandloom.settings import Settings

DAY = minutes.parse("2025-05-06")


def settings(**given: object) -> Settings:
    return Settings.model_validate({"feed": "replay", "market_speed": 0, **given})


async def test_a_replay_begins_where_it_is_told_and_has_the_history_before_it() -> None:
    async with source(settings(replay_from="2025-05-06"), "replay", None) as market:
        assert market.first == DAY
        (btc,) = await market.feed.history(["BTC"], DAY - 10, DAY)
        assert len(btc) == 10
        assert minutes.of(market.clock.now()) == DAY


async def test_a_replay_tells_files(tmp_path: Path) -> None:
    path = tmp_path / "bars.parquet"
    write(path, of_bars([piece.between(DAY, DAY + 3) for piece in sample.load(["ETH"])]))
    async with source(settings(replay_data=str(path)), "replay", None) as market:
        told = [event async for event in market.feed.closed(market.symbols, market.first)]
    assert market.feed.venue == "imported"
    assert [event.now for event in told][1:] == [minutes.closes(DAY + n) for n in range(3)]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"symbols": "DOGE"}, "has BTC, ETH, SOL; choose symbols among them"),
        ({"replay_data": "nowhere"}, "neither `sample`, nor a file, nor a venue"),
        ({"replay_from": "2026-05-06"}, "no bars between REPLAY_FROM and REPLAY_TO"),
        ({"replay_to": "2020-05-06"}, "no bars between REPLAY_FROM and REPLAY_TO"),
    ],
)
async def test_a_replay_of_nothing_is_refused_in_one_sentence(given: dict[str, str], says: str) -> None:
    with pytest.raises(CannotStart, match=says):
        async with source(settings(**given), "replay", None):
            pass


async def test_the_simulated_market_is_the_one_of_its_seed() -> None:
    closes = []
    for seed in (1, 1, 2):
        async with source(settings(simulated_seed=seed), "simulated", None) as market:
            (btc,) = await market.feed.history(["BTC"], market.first - 5, market.first)
            closes.append(btc.columns["close"].tolist())
    assert closes[0] == closes[1] != closes[2]


async def test_live_data_reaches_back_as_far_as_the_venue_keeps_it() -> None:
    async with source(settings(hyperliquid_url="http://127.0.0.1:9"), "hyperliquid", None) as market:
        assert market.feed.venue == "hyperliquid_local"
        assert market.reach == 5000
