"""The books of what models were asked: money is reserved before a call and settled after, each try a row."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from strandloom.basics import log
from strandloom.basics.clock import Clock
from strandloom.llm.faults import NoAnswer
from strandloom.llm.port import Ask
from strandloom.llm.prompts import Request
from strandloom.store.database import Database

Outcome = Literal["open", "heard", "answered", "quarantined", "failed", "declined"]
KEPT = timedelta(days=400)
LONGEST_KEPT = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """The most that may be spent: by one agent in a day, by all in a day, and in all."""

    agent_day_usd: Decimal
    day_usd: Decimal
    total_usd: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A reservation: one row, one try."""

    id: UUID
    reserved_usd: Decimal


class Calls:
    """Every process writes the same tables; the database decides what is left of a budget."""

    def __init__(self, database: Database, budgets: Budgets, clock: Clock) -> None:
        self._database = database
        self._budgets = budgets
        self._clock = clock
        self._tidied: datetime | None = None

    async def reserve(
        self, ask: Ask, model: str, asked: Request, rung: str, attempt: int, most: Decimal
    ) -> Call:
        """Set the most aside that the call can cost; raises NoAnswer where a budget is used up."""
        await self._tidy()
        wish = _about(ask, model, asked) | {
            "rung": rung,
            "attempt": attempt,
            "reserved_usd": str(most),
            "at": self._clock.wall().isoformat(),
            "agent_day_usd": str(self._budgets.agent_day_usd),
            "day_usd": str(self._budgets.day_usd),
            "total_usd": str(self._budgets.total_usd),
        }
        made = await self._database.fetchval("llm.reserve", wish)
        if made["refused"]:
            raise NoAnswer(made["refused"])
        return Call(id=UUID(made["call"]), reserved_usd=most)

    async def decline(self, ask: Ask, model: str, asked: Request, reason: str) -> None:
        """Write down that nobody was asked, and why."""
        row = _about(ask, model, asked) | {
            "at": self._clock.wall().isoformat(),
            "reason": log.masked(reason),
        }
        await self._database.execute("llm.decline", row)

    async def settle(
        self, call: Call, tokens: tuple[int, int] | None, cost_usd: Decimal, latency_ms: int
    ) -> None:
        """What it really took, before anybody looks at the reply."""
        used_in, used_out = tokens or (None, None)
        await self._database.execute("llm.settle", call.id, used_in, used_out, cost_usd, latency_ms)

    async def judge(
        self, call: Call, outcome: Outcome, reason: str | None = None, reply: str | None = None
    ) -> None:
        """What became of it: answered, quarantined or failed."""
        kept = None if reply is None else log.masked(reply.replace("\0", "�"))[:LONGEST_KEPT]
        why = None if reason is None else log.masked(reason)[:400]
        await self._database.execute("llm.judge", call.id, outcome, why, kept)

    async def kept(self, key: str) -> str | None:
        """The reply that was given to the very same question."""
        found: str | None = await self._database.fetchval("llm.kept", key)
        return found

    async def keep(self, asked: Request, ask: Ask, model: str, reply: str) -> None:
        """Remember a good reply: asked again it costs nothing, and a replay hears the same."""
        version, at = asked.prompt.version, self._clock.wall()
        await self._database.execute("llm.keep", asked.key, ask.agent, model, version, reply, at)

    async def _tidy(self) -> None:
        """Once a day, forget what is very old."""
        now = self._clock.wall()
        if self._tidied is None or now - self._tidied > timedelta(days=1):
            self._tidied = now
            await self._database.execute("llm.forget", now - KEPT)


def _about(ask: Ask, model: str, asked: Request) -> dict[str, Any]:
    return {
        "agent": ask.agent,
        "model": model,
        "prompt": asked.prompt.version,
        "correlation": None if ask.correlation is None else str(ask.correlation),
        "market_at": ask.at.isoformat(),
    }
