"""From a key and an address to a venue that is ready: whose account it is, and may the key trade for it?"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from loguru import logger

from strandloom.basics.clock import Clock
from strandloom.basics.errors import BadInput, CannotStart, NotYet, Retryable
from strandloom.hyperliquid.budget import WeightBudget, shared_budget
from strandloom.hyperliquid.rest import Rest
from strandloom.hyperliquid.signing import Wallet
from strandloom.hyperliquid.urls import MAINNET, TESTNET, is_mainnet
from strandloom.venues.hyperliquid.client import Client
from strandloom.venues.hyperliquid.sends import Sends
from strandloom.venues.hyperliquid.universe import Universe
from strandloom.venues.hyperliquid.venue import HyperliquidVenue
from strandloom.venues.port import Mode, VenueSilent

SendsOf = Callable[[Mode, str, str], Sends]  # mode, account, signer
_SILENT = "{access.called} at {access.url} does not answer ({why}); try again later"
_NAMES = {MAINNET: "hyperliquid", TESTNET: "hyperliquid_testnet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where an account lives, and the key that may trade for it; the key is never shown."""

    url: str
    key: str = field(repr=False)
    account: str | None = None  # None: the key's own account, or the one that it is an agent of
    name: str | None = None

    @property
    def mode(self) -> Mode:
        return "real" if is_mainnet(self.url) else "testnet"

    @property
    def called(self) -> str:
        return self.name or _NAMES.get(self.url.rstrip("/"), "hyperliquid_local")


@asynccontextmanager
async def opened(
    access: Access,
    sends_of: SendsOf,
    clock: Clock,
    *,
    budget: WeightBudget | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[HyperliquidVenue]:
    """The venue for the length of the block; the budget is the one of all who ask there, unless given."""
    wallet = _wallet(access)
    budget = budget or shared_budget(access.url.rstrip("/"))
    async with Rest(access.url, budget, transport=transport) as rest:
        try:
            account = await _account(access, wallet, rest, clock)
            client = Client(rest, wallet, account, clock)
            sends = sends_of(access.mode, account, wallet.address)
            venue = HyperliquidVenue(access.called, access.mode, client, sends, clock)
            await venue.open()
        except VenueSilent as error:
            raise NotYet(_SILENT.format(access=access, why=error)) from error
        yield venue


async def terms(access: Access) -> Universe:
    """What is listed there, for those who plan and never trade; no key is used."""
    universe = Universe()
    async with Rest(access.url, shared_budget(access.url.rstrip("/"))) as rest:
        try:
            universe.take(*await rest.info("metaAndAssetCtxs"))
        except Retryable as error:
            raise NotYet(_SILENT.format(access=access, why=error)) from error
    return universe


def _wallet(access: Access) -> Wallet:
    try:
        return Wallet(access.key)
    except BadInput as error:
        raise CannotStart(f"the key of {access.called} cannot be used: {error}") from None


async def _account(access: Access, wallet: Wallet, rest: Rest, clock: Clock) -> str:
    """Whose account the key trades for; ends the start where it may not."""
    wanted = None if access.account is None else access.account.lower()
    asking = Client(rest, wallet, wanted or wallet.address, clock)
    role = await asking.ask("userRole", user=wallet.address)
    mine = role["data"]["user"].lower() if role["role"] == "agent" else wallet.address
    if wanted is not None and wanted != mine:
        raise CannotStart(
            f"the key of {access.called} trades for {mine}, not for {wanted}: "
            "approve its address as an agent of that account, or name the account that it belongs to"
        )
    if mine == wallet.address:
        if role["role"] == "missing" and access.mode == "real":
            raise CannotStart(
                f"{access.called} knows no account {mine}: deposit there first, or name another key"
            )
        logger.warning(
            "key_could_withdraw",
            venue=access.called,
            account=mine,
            advice="this is the account's own key; approve an agent wallet and use its key instead",
        )
    await _refuse_unified(asking, mine, access)
    return mine


async def _refuse_unified(asking: Client, account: str, access: Access) -> None:
    how = await asking.ask("userAbstraction", user=account)
    if how in ("unifiedAccount", "portfolioMargin"):
        raise CannotStart(
            f"the account {account} at {access.called} is in {how} mode, where its collateral is not counted "
            "with its perpetuals: switch it back to the classic mode, or use another account"
        )
