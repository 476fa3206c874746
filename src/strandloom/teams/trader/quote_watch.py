"""The quote watch: every quote is held against every waiting decision; only what is met becomes a strand.

A part of the service, beside the modules: between two minutes nothing else looks at prices.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import numpy as np
from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import Retryable
from strandloom.blackboard.cause import root
from strandloom.blackboard.desk import Market
from strandloom.blackboard.strand import Draft
from strandloom.kinds.attention import ConditionMet
from strandloom.kinds.decision import Decision
from strandloom.kinds.market import Quote
from strandloom.market.conditions import Seen, Verdict, check
from strandloom.market.conditions_at_once import Compiled, Shown
from strandloom.teams.trader.sight import seen
from strandloom.teams.trader.watching import Watching

MODULE = "trader.quote_watch"
TAGS = ("trader:condition_met",)
REFRESH_S = 1.0
STALE = timedelta(seconds=30)  # a quote that old says nothing of now
BPS = Decimal(10_000)


class Quoted(Protocol):
    """The part of a feed that is needed."""

    def quotes(self, symbols: Sequence[str]) -> AsyncIterator[Quote]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One waiting decision and what the closed minutes show of its symbol."""

    decision: UUID
    body: Decision
    since: datetime
    minutes: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A wait whose condition a quote has met."""

    wait: Wait
    verdict: Verdict
    quote: Quote


class Watched:
    """The waits of the moment, compiled; pure but for what it was given."""

    def __init__(self, waits: Sequence[Wait] = ()) -> None:
        self.waits = tuple(waits)
        self._compiled = Compiled([wait.body.condition for wait in self.waits])
        self._lowest = _floats([wait.minutes.lowest_close for wait in self.waits])
        self._highest = _floats([wait.minutes.highest_close for wait in self.waits])
        self._volume = _floats([wait.minutes.volume_times for wait in self.waits])

    def met(self, quotes: Mapping[str, Quote], now: datetime) -> list[Met]:
        """The waits that these quotes meet; all at once in floats, and those found again exactly."""
        if not self.waits:
            return []
        fresh = {symbol: quote for symbol, quote in quotes.items() if now - quote.at <= STALE}
        mids = {symbol: float(_mid(quote)) for symbol, quote in fresh.items()}
        spreads = {symbol: float(_spread_bps(quote)) for symbol, quote in fresh.items()}
        symbols = [wait.body.symbol for wait in self.waits]
        shown = Shown(
            mid=np.array([mids.get(symbol, np.nan) for symbol in symbols]),
            spread_bps=np.array([spreads.get(symbol, np.nan) for symbol in symbols]),
            lowest_close=self._lowest,
            highest_close=self._highest,
            volume_times=self._volume,
            second_of_day=now.hour * 3_600 + now.minute * 60 + now.second,
        )
        near = [self.waits[i] for i in np.flatnonzero(self._compiled.met(shown)) if symbols[i] in fresh]
        found = (
            Met(wait=w, verdict=_exactly(w, fresh[w.body.symbol], now), quote=fresh[w.body.symbol])
            for w in near
        )
        return [one for one in found if one.verdict.met]


class QuoteWatch:
    """`run` for as long as the service lives."""

    def __init__(
        self,
        board: Watching,
        feed: Quoted,
        symbols: Sequence[str],
        market: Callable[[], Market],
        clock: Clock,
    ) -> None:
        self._board = board
        self._feed = feed
        self._symbols = symbols
        self._market = market
        self._clock = clock
        self._watched = Watched()
        self._decisions: dict[UUID, Decision] = {}
        self._quotes: dict[str, Quote] = {}
        self._news = asyncio.Event()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read())
            group.create_task(self._refresh())
            await self._check()

    async def _read(self) -> None:
        async for quote in self._feed.quotes(self._symbols):
            self._quotes[quote.symbol] = quote
            if self._watched.waits:
                self._news.set()

    async def _refresh(self) -> None:
        while True:
            try:
                await self.refresh()
            except Retryable as error:
                logger.warning("board_not_answering", while_="reading waits", error=str(error))
            await self._clock.sleep(REFRESH_S)

    async def refresh(self) -> None:
        """The decisions that wait now; a slice waits for its time and is none of ours."""
        rows = [row for row in await self._board.look("wait.open") if not row["part"]]
        names = {UUID(row["decision"]) for row in rows}
        self._decisions = {name: body for name, body in self._decisions.items() if name in names}
        for name in names - self._decisions.keys():
            found = await self._board.get(name)
            if found is not None and isinstance(found.body, Decision):
                self._decisions[name] = found.body
        known = [row for row in rows if UUID(row["decision"]) in self._decisions]
        self._watched = Watched([self._wait(row) for row in known])
        if self._watched.waits and self._quotes:
            self._news.set()

    def _wait(self, row: Mapping[str, Any]) -> Wait:
        name, since, now = UUID(row["decision"]), datetime.fromisoformat(row["since"]), self._clock.now()
        body = self._decisions[name]
        minutes = seen(self._market(), body.symbol, now, since=since)
        return Wait(decision=name, body=body, since=since, minutes=minutes)

    async def _check(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self.check()
            except Retryable as error:
                logger.warning("board_not_answering", while_="posting what was met", error=str(error))
                await self._clock.sleep(REFRESH_S)
                self._news.set()

    async def check(self) -> None:
        """Hold the newest quotes against the waits, and post what is met."""
        now = self._clock.now()
        for met in self._watched.met(self._quotes, now):
            body = ConditionMet(
                decision=met.wait.decision,
                symbol=met.wait.body.symbol,
                condition=met.verdict.what,
                value=met.verdict.value,
                mid=_mid(met.quote),
                quoted_at=met.quote.at,
            )
            draft = Draft(body=body, tags=TAGS, parents=(met.wait.decision,), symbol=body.symbol)
            minute = int(met.quote.at.timestamp()) // 60
            await self._board.post([draft], root(MODULE, met.quote.at, f"{body.decision}:{minute}"))


def _exactly(wait: Wait, quote: Quote, now: datetime) -> Verdict:
    shown = replace(wait.minutes, at=now, mid=_mid(quote), spread_bps=_spread_bps(quote))
    return check(wait.body.condition, shown)


def _mid(quote: Quote) -> Decimal:
    return (quote.bid + quote.ask) / 2


def _spread_bps(quote: Quote) -> Decimal:
    return (quote.ask - quote.bid) / _mid(quote) * BPS


def _floats(values: Sequence[Decimal | None]) -> Any:
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
