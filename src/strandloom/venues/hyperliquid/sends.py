"""What was sent, written down before it leaves: the one source of nonces, and of the right to send an order.

A client order id is claimed once among all processes that share the database; whoever comes second finds the
first one's send.  A nonce works only once at the venue, so a send whose fate is unknown is settled by using
its nonce up: see `doubts.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from strandloom.basics.ids import unix_ms
from strandloom.store.database import Database

What = Literal["order", "modify"]
Outcome = Literal["arrived", "refused", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One signed order or change."""

    signer: str
    nonce: int
    account: str
    cloid: str
    what: What
    sent_at: datetime
    expires_at: datetime
    outcome: Outcome | None
    why: str
    settled_at: datetime | None
    fresh: bool  # claimed by this very call
    child: str | None = None  # the client order id of the stop that went in the same request

    @property
    def cloids(self) -> tuple[str, ...]:
        """Every order whose fate hangs on it."""
        return (self.cloid,) if self.child is None else (self.cloid, self.child)


class Sends(Protocol):
    """For one account and one key."""

    async def nonce(self, wall: datetime) -> int:
        """A nonce that nobody has used."""
        ...

    async def claim(
        self, cloid: str, what: What, wall: datetime, life: timedelta, child: str | None = None
    ) -> Send:
        """The right to send, or the send of whoever has it; `child` goes in the same request."""
        ...

    async def settle(self, send: Send, outcome: Outcome, why: str, wall: datetime) -> None:
        """Write down what became of it."""
        ...

    async def of(self, cloid: str) -> Sequence[Send]:
        """All that this account sent under that client order id or with it as a child, newest first."""
        ...

    async def doubtful(self) -> Mapping[str, datetime]:
        """The client order ids of this account of whose sends nobody knows, and since when."""
        ...


class StoredSends:
    """In the database: for every process at once, and over every restart."""

    def __init__(self, database: Database, mode: str, account: str, signer: str) -> None:
        self._database = database
        self._mode = mode
        self._account = account
        self._signer = signer

    async def nonce(self, wall: datetime) -> int:
        return int(await self._database.fetchval("venues.nonce", self._signer, unix_ms(wall)))

    async def claim(
        self, cloid: str, what: What, wall: datetime, life: timedelta, child: str | None = None
    ) -> Send:
        life_ms, wall_ms = int(life.total_seconds() * 1000), unix_ms(wall)
        asked = (self._mode, self._account, self._signer, cloid, what, wall_ms, life_ms, child)
        (row,) = await self._database.fetch("venues.claim", *asked)
        return Send(**dict(row))

    async def settle(self, send: Send, outcome: Outcome, why: str, wall: datetime) -> None:
        await self._database.execute(
            "venues.settle", send.signer, self._mode, send.nonce, outcome, why[:500], wall
        )

    async def of(self, cloid: str) -> Sequence[Send]:
        rows = await self._database.fetch("venues.sends", self._mode, cloid, self._account)
        return [Send(**dict(row)) for row in rows]

    async def doubtful(self) -> Mapping[str, datetime]:
        rows = await self._database.fetch("venues.doubtful", self._mode, self._account)
        return {row["cloid"]: row["since"] for row in rows}


class MemorySends:
    """For one process that keeps nothing: benches and tests.  Several accounts of one mode share `shared`."""

    def __init__(self, account: str, signer: str, shared: dict[str, Any] | None = None) -> None:
        self._account = account
        self._signer = signer
        kept = shared if shared is not None else {}
        self._sends: dict[str, list[Send]] = kept.setdefault("sends", {})
        self._last: dict[str, int] = kept.setdefault("nonces", {})

    async def nonce(self, wall: datetime) -> int:
        last = max(self._last.get(self._signer, 0) + 1, unix_ms(wall))
        self._last[self._signer] = last
        return last

    async def claim(
        self, cloid: str, what: What, wall: datetime, life: timedelta, child: str | None = None
    ) -> Send:
        mine = self._sends.setdefault(cloid, [])
        taken = next((s for s in mine if what == s.what == "order" and s.outcome != "never"), None)
        if taken is not None:
            return replace(taken, fresh=False)
        made = Send(
            signer=self._signer,
            nonce=await self.nonce(wall),
            account=self._account,
            cloid=cloid,
            what=what,
            sent_at=wall,
            expires_at=wall + life,
            outcome=None,
            why="",
            settled_at=None,
            fresh=True,
            child=child,
        )
        mine.insert(0, made)
        return made

    async def settle(self, send: Send, outcome: Outcome, why: str, wall: datetime) -> None:
        mine = self._sends[send.cloid]
        for place, one in enumerate(mine):
            same = (one.signer, one.nonce) == (send.signer, send.nonce)
            if same and (one.outcome is None or (one.outcome, outcome) == ("arrived", "refused")):
                mine[place] = replace(one, outcome=outcome, why=why, settled_at=wall)

    async def of(self, cloid: str) -> Sequence[Send]:
        every = (one for sends in self._sends.values() for one in sends if cloid in one.cloids)
        mine = [replace(one, fresh=False) for one in every if one.account == self._account]
        return sorted(mine, key=lambda one: (one.sent_at, one.nonce), reverse=True)

    async def doubtful(self) -> Mapping[str, datetime]:
        open_ = [one for sends in self._sends.values() for one in sends if one.outcome is None]
        mine = sorted((one for one in open_ if one.account == self._account), key=lambda one: one.sent_at)
        return {cloid: one.sent_at for one in reversed(mine) for cloid in one.cloids}
