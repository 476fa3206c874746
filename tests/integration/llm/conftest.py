"""A writer over a real database and a real endpoint on loopback."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from strandloom.basics.clock import SystemClock
from strandloom.llm.calls import Budgets, Calls
from strandloom.llm.model import ModelWriter, Patience
from strandloom.llm.prices import Price
from strandloom.llm.talker import Talker
from strandloom.llm.wire import Endpoint, wire
from strandloom.store.database import Database

PRICE = Price(input_usd=Decimal(1), output_usd=Decimal(10))
OpenWriter = Callable[..., AbstractAsyncContextManager[ModelWriter]]


@pytest.fixture
def writer(database: Database) -> OpenWriter:
    """Opens writers that share the test's database: `async with writer(url, total=…) as written:`."""

    @asynccontextmanager
    async def opened(url: str, **terms: Any) -> AsyncIterator[ModelWriter]:
        patience = terms.pop("patience_s", 20.0)
        key, price = terms.pop("key", "a-key-for-tests"), terms.pop("price", PRICE)
        calls = Calls(database, _budgets(**terms), SystemClock())
        at = Endpoint(base_url=url, key=key, model="tiny", most_output_tokens=100, most_reply_bytes=256_000)
        async with wire(at) as line:
            talker = Talker(line, calls, price, SystemClock())
            yield ModelWriter("tiny", calls, Patience(writing_s=patience, verdict_s=patience), talker)

    return opened


def _budgets(agent: str = "1", day: str = "5", total: str = "50") -> Budgets:
    return Budgets(agent_day_usd=Decimal(agent), day_usd=Decimal(day), total_usd=Decimal(total))
