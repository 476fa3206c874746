"""The parts of a venue that falls back: asked, measured, left when they fail, asked until they are back."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final, TypeVar

from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import CannotStart, Refused
from strandloom.venues import standing
from strandloom.venues.port import Balance, Venue, VenueSilent
from strandloom.venues.standing import Standing

T = TypeVar("T")
_REMEMBERED: Final = 20_000


class Parts:
    """Their standings, and which order lies with whom.

    Several parts may be ways to one account: one of them speaks for it, and where it is silent, the next.
    """

    def __init__(
        self,
        parts: Sequence[Venue],
        clock: Clock,
        standings: Sequence[Standing],
        accounts: Mapping[str, str] | None = None,
    ) -> None:
        modes = {part.mode for part in parts}
        if len(modes) != 1:
            raise CannotStart(f"venues that stand in for each other must be of one kind, not {sorted(modes)}")
        if len({part.name for part in parts}) != len(parts):
            raise CannotStart("venues that stand in for each other need names that differ")
        self._parts = {part.name: part for part in parts}
        self._clock = clock
        self._standings = {one.name: one for one in standings}
        self._current: str | None = None
        self._where: OrderedDict[str, str] = OrderedDict()
        first: dict[str, str] = {}  # an account is called by the first way to it
        for part in parts:
            first.setdefault((accounts or {}).get(part.name, part.name), part.name)
        self._accounts = {part.name: first[(accounts or {}).get(part.name, part.name)] for part in parts}
        self._busy: set[str] = set(self._accounts.values())  # where something rests, is held, or may be
        self._doubtful: set[tuple[str, str]] = set()  # account and client order id

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    @property
    def accounts(self) -> Sequence[str]:
        """Their names, each once."""
        return tuple(dict.fromkeys(self._accounts.values()))

    def account_of(self, name: str) -> str:
        """The account to which a part is a way."""
        return self._accounts[name]

    @property
    def all(self) -> Sequence[Venue]:
        return tuple(self._parts.values())

    @property
    def standings(self) -> Sequence[Standing]:
        """As measured until now, in the configured order."""
        return tuple(self._standings[name] for name in self._parts)

    def pick(self) -> str:
        """Where a new order goes."""
        chosen = standing.choose(self.standings, self._current)
        if chosen is None:
            raise Refused("venue", "no venue is there to send an order to", standing.numbers(self.standings))
        if chosen.name != self._current:
            logger.info("venue_chosen", venue=chosen.name, before=self._current)
            self._current = chosen.name
        return chosen.name

    def measured(self, name: str, how: Callable[[Standing], Standing]) -> None:
        """Something was learnt of a part."""
        before = self._standings[name]
        after = self._standings[name] = how(before)
        if after.is_left != before.is_left:
            logger.warning("venue_left" if after.is_left else "venue_is_back", venue=name)

    async def told(self, name: str, asking: Awaitable[T]) -> T:
        """What one part answers, measured."""
        began = self._clock.wall()
        try:
            answer = await asking
        except VenueSilent:
            self.measured(name, Standing.failed)
            raise
        took_s = (self._clock.wall() - began).total_seconds()
        self.measured(name, lambda known: known.answered(took_s))
        return answer

    async def asked(self, name: str, ask: Callable[[Venue], Awaitable[T]]) -> T:
        """What a part answers, or another way to the same account."""
        known = self._ways(self._accounts[name])
        first = name if not self._standings[name].is_left else known[0]
        ways = [first, *(way for way in known if way != first)]
        for way in ways[:-1]:
            with suppress(VenueSilent):
                return await self.told(way, ask(self._parts[way]))
        return await self.told(ways[-1], ask(self._parts[ways[-1]]))

    async def all_told(self, ask: Callable[[Venue], Awaitable[T]]) -> dict[str, T]:
        """What each account answers; one with nothing at stake may be silent, any other silence is ours."""
        answers, silent = await self.each(ask)
        for account, error in silent.items():
            if account in self._busy:
                raise error
        return answers

    async def each(self, ask: Callable[[Venue], Awaitable[T]]) -> tuple[dict[str, T], dict[str, VenueSilent]]:
        """What each account answers, and those that do not; VenueSilent where none does."""
        told = await asyncio.gather(
            *(self.asked(account, ask) for account in self.accounts), return_exceptions=True
        )
        answers: dict[str, T] = {}
        silent: dict[str, VenueSilent] = {}
        for account, answer in zip(self.accounts, told, strict=True):
            if isinstance(answer, VenueSilent):
                silent[account] = answer
            elif isinstance(answer, BaseException):
                raise answer
            else:
                answers[account] = answer
        if not answers:
            raise next(iter(silent.values()))
        return answers, silent

    def _ways(self, account: str) -> Sequence[str]:
        """The parts that lead to an account, those first that have not been left."""
        ways = [name for name, whose in self._accounts.items() if whose == account]
        return sorted(ways, key=lambda name: self._standings[name].is_left)

    def way_to(self, account: str) -> str:
        """The part to name in an order for that account."""
        return self._ways(account)[0]

    async def probe(self) -> None:
        """Ask those that were left whether they are back."""
        now = self._clock.wall()
        for known in self.standings:
            if known.is_due(now):
                self._standings[known.name] = replace(known, probed_at=now)
                try:
                    await self.told(known.name, self._parts[known.name].marks())
                except VenueSilent:
                    continue

    def probing(self, every_s: float) -> Callable[[], Awaitable[None]]:
        """That, for as long as the service lives."""

        async def run() -> None:
            while True:
                await self.probe()
                await self._clock.sleep(every_s)

        return run

    # -- which order lies with whom --------------------------------------------------------------

    def lies_with(self, cloid: str, name: str) -> None:
        """From now on this order is that part's account's."""
        taken = self._where.get(cloid, name)
        if self._accounts[taken] != self._accounts[name]:
            raise Refused("sent_elsewhere", f"the order {cloid} lies with {taken}, not with {name}")
        self._where[cloid] = name
        self._busy.add(self._accounts[name])
        if len(self._where) > _REMEMBERED:
            self._where.popitem(last=False)

    async def whose(self, cloid: str) -> str | None:
        """The part that knows the order; None when all say that they do not."""
        if cloid in self._where:
            return self._where[cloid]
        answers, silent = await self.each(lambda part: part.order(cloid))
        for account, report in answers.items():
            if report is not None:
                self.lies_with(cloid, account)
                return account
        for error in silent.values():
            raise error  # it may lie there
        return None

    def weighed(self, account: str, balance: Balance) -> None:
        """Whether anything is at stake in an account."""
        if balance.positions or balance.open_orders or any(held == account for held, _ in self._doubtful):
            self._busy.add(account)
        else:
            self._busy.discard(account)

    def is_busy(self, account: str) -> bool:
        """Is anything at stake in that account, or not yet known?"""
        return account in self._busy

    def doubts(self, name: str, cloid: str, in_doubt: bool) -> None:
        """Whether an order of a part's account may still act."""
        if in_doubt:
            self._doubtful.add((self._accounts[name], cloid))
        else:
            self._doubtful.discard((self._accounts[name], cloid))
