"""A start waits for a database that is not up yet, says so, and gives up with the reason in the end."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from loguru import logger
from pydantic import SecretStr

from strandloom.basics.clock import SystemClock
from strandloom.basics.errors import CannotStart, NotYet
from strandloom.service.leases import Leases
from strandloom.service.me import Me
from strandloom.settings import Settings
from strandloom.store.database import Database
from strandloom.wiring import service
from tests.servers.park import Park
from tests.servers.wire import wired

RECOVERING = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"


@pytest.fixture
def told() -> Iterator[asyncio.Queue[str]]:
    """The reasons for which a start says that it waits."""
    reasons: asyncio.Queue[str] = asyncio.Queue()
    sink = logger.add(
        lambda message: reasons.put_nowait(message.record["extra"].get("why", "")), level="WARNING"
    )
    yield reasons
    logger.remove(sink)


def settings(url: str, patience_s: float = 300.0) -> Settings:
    return Settings(database_url=SecretStr(url), start_patience_s=patience_s, api_port=0)


async def opens(chosen: Settings) -> None:
    async with service(chosen) as made:
        assert made.parts


async def _recovering(client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
    """What a server answers everybody while it replays its log."""
    await client.read(1024)
    to_client.write(b"E" + (len(RECOVERING) + 4).to_bytes(4) + RECOVERING)
    to_client.close()


async def test_a_server_that_comes_up_late_and_recovers_first_is_waited_for(
    park: Park, database_url: str, state_dir: Path, told: asyncio.Queue[str]
) -> None:
    name = database_url.split("?")[0].rsplit("/", 1)[1]
    start = asyncio.create_task(opens(settings(f"postgresql://postgres@/{name}?host={state_dir}")))
    async with asyncio.timeout(120):
        assert "cannot be reached" in await told.get()
        async with await asyncio.start_unix_server(_recovering, state_dir / ".s.PGSQL.5432"):
            while "is not ready yet" not in await told.get():
                pass
        (state_dir / ".s.PGSQL.5432").unlink(missing_ok=True)
        async with wired(park, database_url, state_dir):
            await start


async def test_patience_ends_with_the_reason_and_the_code_of_a_start_that_cannot_be(
    state_dir: Path, told: asyncio.Queue[str]
) -> None:
    with pytest.raises(NotYet, match=r"cannot be reached .*check DATABASE_URL"):
        await opens(settings(f"postgresql://postgres@/any?host={state_dir}", patience_s=0.2))
    assert "cannot be reached" in told.get_nowait()
    assert told.empty(), "the same reason is told once"


async def test_what_can_only_be_wrong_ends_the_start_at_once(
    database_url: str, told: asyncio.Queue[str]
) -> None:
    elsewhere = database_url.replace(database_url.split("?")[0].rsplit("/", 1)[1], "nowhere")
    with pytest.raises(CannotStart, match="no such database") as caught:
        await opens(settings(elsewhere))
    assert not isinstance(caught.value, NotYet)
    assert told.empty()


async def test_the_first_screen_says_for_whom_a_second_process_stands_by(
    database: Database, database_url: str
) -> None:
    first = Leases(database, SystemClock(), Me.now(), ("market", "trader"))
    await first.present()
    await first.look()
    async with service(settings(database_url)) as second:
        assert second.facts["stands by"].startswith("for market, trader, which ")
    await first.give_back()
    async with service(settings(database_url)) as alone:
        assert "stands by" not in alone.facts
