"""The exchange with its surroundings: one way for commands to go in and their events to go out."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal

from strandloom.basics.clock import Clock
from strandloom.basics.ids import unix_ms
from strandloom.exchange.asset import micro
from strandloom.exchange.commands import Command, Deposit
from strandloom.exchange.port import Exchange
from strandloom.exchange.replies import Reply
from strandloom.exchange.server import stream
from strandloom.exchange.server.faults import Faults
from strandloom.exchange.server.hub import Hub
from strandloom.exchange.server.limits import Allowances, Limits, Meters
from strandloom.exchange.server.prints import Prints
from strandloom.exchange.server.pulse import Cadence, Pulse


@dataclass(frozen=True, slots=True, kw_only=True)
class Faucet:
    """Paper money for whoever asks for the state of an account that nobody opened yet.

    Only the question for `clearinghouseState` opens one: an order signed with a wrong key meets the
    venue's refusal, not a fresh account of its own.
    """

    usd: Decimal = Decimal(10_000)
    most_accounts: int = 10_000


async def _at_once() -> None:
    """For an engine that keeps its commands itself, or not at all."""


@dataclass(slots=True, kw_only=True)
class Venue:
    """All that a request can touch."""

    exchange: Exchange
    clock: Clock
    kept: Callable[[], Awaitable[None]] = _at_once  # awaited before anybody hears of what was applied
    limits: Limits = field(default_factory=Limits)
    faucet: Faucet | None = None
    cadence: Cadence = field(default_factory=Cadence)
    faults: Faults = field(default_factory=Faults)
    hub: Hub = field(default_factory=Hub)
    prints: Prints = field(default_factory=Prints)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    weights: Meters = field(init=False)
    allowances: Allowances = field(init=False)
    pulse: Pulse = field(init=False)
    _opened: int = 0

    def __post_init__(self) -> None:
        self.weights = Meters(self.limits.weight_per_minute)
        self.allowances = Allowances(self.limits.free_requests)
        self.pulse = Pulse(self.exchange, self.hub, self.cadence)

    def submit(self, command: Command) -> Reply:
        """Carry out a command and tell everyone what happened."""
        outcome = self.exchange.apply(command)
        if outcome.events:
            stream.publish(self.exchange, self.hub, outcome.events)
        self.changed.set()
        return outcome.reply

    def at_ms(self) -> int:
        """Market time: the stamp of what happens now."""
        return unix_ms(self.clock.now())

    def wall_ms(self) -> int:
        """Wall time, as clients stamp nonces and expiries."""
        return unix_ms(self.clock.wall()) + self.faults.skew_ms

    def at_s(self) -> float:
        """Market time in seconds, for limits: a market that runs faster allows more."""
        return unix_ms(self.clock.now()) / 1000

    def beat_s(self) -> float:
        """Wall time in seconds, never skewed: the rhythm of messages."""
        return unix_ms(self.clock.wall()) / 1000

    def open_account(self, user: str) -> None:
        """Give paper money to a newcomer, if there is a faucet; agents are no newcomers."""
        faucet, exchange = self.faucet, self.exchange
        if faucet is None or exchange.knows(user) or exchange.master(user) is not None:
            return
        if self._opened < faucet.most_accounts:
            self._opened += 1
            self.submit(Deposit(self.at_ms(), user, micro(faucet.usd)))
