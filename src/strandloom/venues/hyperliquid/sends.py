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


class Sends(Protocol):
    """For one account and one key."""

    async def nonce(self, wall: datetime) -> int:
        """A nonce that nobody has used."""
        ...

    async def claim(self, cloid: str, what: What, wall: datetime, life: timedelta) -> Send:
        """The right to send, or the send of whoever has it."""
        ...

    async def settle(self, send: Send, outcome: Outcome, why: str, wall: datetime) -> None:
        """Write down what became of it."""
        ...

    async def of(self, cloid: str) -> Sequence[Send]:
        """Everything that this account sent under that client order id, newest first."""
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

    async def claim(self, cloid: str, what: What, wall: datetime, life: timedelta) -> Send:
        life_ms = int(life.total_seconds() * 1000)
        (row,) = await self._database.fetch(
            "venues.claim", self._mode, self._account, self._signer, cloid, what, unix_ms(wall), life_ms
        )
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

    async def claim(self, cloid: str, what: What, wall: datetime, life: timedelta) -> Send:
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
        mine = (one for one in self._sends.get(cloid, ()) if one.account == self._account)
        return [replace(one, fresh=False) for one in mine]

    async def doubtful(self) -> Mapping[str, datetime]:
        return {
            cloid: min(one.sent_at for one in mine if one.outcome is None)
            for cloid, mine in self._sends.items()
            if any(one.outcome is None and one.account == self._account for one in mine)
        }
