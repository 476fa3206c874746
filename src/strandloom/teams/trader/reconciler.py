"""trader.reconciler: holds our books against the venue, books what was missed, names what stays open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from loguru import logger

from strandloom.basics.errors import Refused
from strandloom.blackboard.desk import Desk
from strandloom.blackboard.strand import Draft, Said, Strand
from strandloom.kinds.fill import Fill, FundingPaid
from strandloom.kinds.job import Job
from strandloom.kinds.reconciliation import Difference, Reconciliation
from strandloom.ledger import compare, drift, reading
from strandloom.ledger.books import Books, Stock
from strandloom.ledger.compare import Told
from strandloom.ledger.entry import CAPITAL, ZERO, Transaction
from strandloom.ledger.explain import explained
from strandloom.ledger.tables import booked
from strandloom.teams.trader import saying
from strandloom.venues.port import Account, Venue, VenueSilent

TAGS = ("trader:reconciliation", "cil:reconciliation")
LOOK_BACK = (timedelta(hours=2), timedelta(days=1), timedelta(days=36_500))  # further while it differs
TRIES = 3  # an account that trades meanwhile is looked at again
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The books after everything that the venue told was booked, and what still differs."""

    books: Books
    told: Told
    booked: tuple[Transaction, ...]
    differences: tuple[Difference, ...]
    opened: bool


class Reconciler:
    """Missing fills, fundings and flows are booked: that is what explaining means.

    Within the hour the account is compared first, and as long as it agrees its fills are not read again.
    """

    name = "trader.reconciler"
    reads = ("system:job:reconcile",)

    def __init__(self, venue: Venue, threshold_usd: Decimal = CENT) -> None:
        self._venue = venue
        self._threshold_usd = threshold_usd

    async def handle(self, strand: Strand, desk: Desk) -> Said:
        await self._venue.follow(desk.market)
        said: list[Said] = []
        for account in self._venue.accounts:
            try:
                said.append(await _Account(account, self._threshold_usd).reconciled(strand, desk))
            except VenueSilent as silent:
                logger.warning("account_not_reconciled", account=account.name, why=str(silent))
                why = str(silent)
        if not said:
            raise Refused("venue_silent", f"{why}; the next slot compares again")
        return saying.joined(*said)


class _Account:
    """The books of one account, held against what it says."""

    def __init__(self, account: Account, threshold_usd: Decimal) -> None:
        self._account = account
        self._threshold_usd = threshold_usd

    async def reconciled(self, strand: Strand, desk: Desk) -> Said:
        checked = await self._checked(desk, whole=_is_whole(strand.body))
        suspects = checked.books.symbols or desk.market.symbols
        symbols = compare.unexplained(checked.differences, suspects)
        before = await drift.unexplained(desk.tables, self._account.name)
        body = self._body(checked, desk.now, symbols, tuple(sorted(before - {*symbols})))
        writes = [booked(one, "reconciliation") for one in checked.booked]
        return Said(
            drafts=(Draft(body=body, tags=TAGS),),
            writes=(*writes, drift.reconciled(body, strand.id, desk.now)),
        )

    async def _checked(self, desk: Desk, *, whole: bool) -> Checked:
        """Compare over a longer and longer past, until it agrees or there is no more of it."""
        books = await reading.books(desk.tables, self._account.name)
        first, opened = await reading.begun(desk.tables, self._account.name)
        if opened is None:
            since = min(first or desk.now, desk.now - LOOK_BACK[0])
            return await self._compared(books, since, desk, opens_at=since)
        told = await self._told(None)
        if not (whole or books.flows_usd != told.flows_usd or self._differ(books, told)):
            return Checked(books=books, told=told, booked=(), differences=(), opened=False)
        for back in LOOK_BACK:
            since = max(opened, desk.now - back)
            checked = await self._compared(books, since, desk)
            if not checked.differences or since == opened:
                break
        return checked

    async def _compared(
        self, books: Books, since: datetime, desk: Desk, opens_at: datetime | None = None
    ) -> Checked:
        told = await self._told(since)
        until = max(told.newest or desk.now, desk.now)
        known = await reading.known(desk.tables, self._account.name, since, until)
        more = explained(self._account.name, books, told, known, desk.now, opens_at=opens_at)
        books = books.after(more)
        found = [*compare.unheard_of(told, known), *self._differ(books, told)]
        return Checked(
            books=books, told=told, booked=tuple(more), differences=tuple(found), opened=opens_at is not None
        )

    def _differ(self, books: Books, told: Told) -> list[Difference]:
        return compare.differences(books, told, self._threshold_usd)

    async def _told(self, since: datetime | None) -> Told:
        """Fills, fundings and balance of one and the same moment; None: the balance alone."""
        fills, fundings = await self._past(since)
        for _ in range(TRIES):
            balance = await self._account.balance()
            again = await self._past(since)
            quiet = (len(fills), len(fundings)) == (len(again[0]), len(again[1]))
            fills, fundings = again
            if quiet:
                break
        held = {
            p.symbol: Stock(quantity=p.quantity, cost_usd=p.quantity * p.mark - p.unrealised_usd)
            for p in balance.positions
        }
        return Told(
            cash_usd=balance.cash_usd,
            flows_usd=balance.flows_usd,
            held=held,
            fills=fills,
            fundings=fundings,
        )

    async def _past(self, since: datetime | None) -> tuple[list[Fill], list[FundingPaid]]:
        """What the venue tells of the time since then; its own clock may be coarser than ours."""
        if since is None:
            return [], []
        fills, fundings = await self._account.fills(since), await self._account.fundings(since)
        return [one for one in fills if one.at >= since], [one for one in fundings if one.at >= since]

    def _body(
        self, checked: Checked, now: datetime, symbols: tuple[str, ...], cleared: tuple[str, ...]
    ) -> Reconciliation:
        books, told = checked.books, checked.told
        flows = [e.usd for one in checked.booked for e in one.entries if e.account == CAPITAL]
        return Reconciliation(
            venue=self._account.name,
            as_of=max(told.newest or now, now),
            agrees=not checked.differences,
            opened=checked.opened,
            threshold_usd=self._threshold_usd,
            drift_usd=told.cash_usd - books.settled_usd,
            books_cash_usd=books.settled_usd,
            venue_cash_usd=told.cash_usd,
            booked_fills=sum(one.what == "fill" for one in checked.booked),
            booked_fundings=sum(one.what == "funding" for one in checked.booked),
            booked_flows_usd=-sum(flows, ZERO),
            differences=checked.differences,
            unexplained=symbols,
            cleared=cleared,
        )


def _is_whole(body: object) -> bool:
    """Once an hour, and whenever a person asks, every fill is held against the books."""
    return not isinstance(body, Job) or body.by == "person" or body.slot.minute == 0
