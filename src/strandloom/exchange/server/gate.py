"""Who signed a request, for which account, and may it act?  Pure but for the engine it asks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from strandloom.exchange.port import Exchange
from strandloom.exchange.server.forms import USER_SIGNED, Envelope
from strandloom.hyperliquid.errors import BadSignature
from strandloom.hyperliquid.signing import recover
from strandloom.hyperliquid.typed_data import action_hash, l1_digest, message_digest
from strandloom.hyperliquid.weights import batch_length

ZERO: Final = "0x" + "0" * 40
_MAX_BATCH: Final = 200  # measured for cancels, taken for orders and modifies too
_USD: Final = re.compile(r"\d{1,15}(\.\d{1,6})?")


class No(Exception):
    """Refused as a whole, with the venue's words."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signed, and the account it acts for."""

    address: str
    user: str


def signer_of(exchange: Exchange, envelope: Envelope) -> Signer:
    """Recover the signer and find its account."""
    address = _recovered(envelope)
    if envelope["action"]["type"] in USER_SIGNED:
        if not exchange.knows(address):
            raise No(f"Must deposit before performing actions. User: {address}")
        return Signer(address, address)
    user = exchange.master(address) or address
    if not exchange.knows(user):
        raise No(f"User or API Wallet {address} does not exist.")
    if (vault := envelope.get("vaultAddress")) is not None:
        raise No(f"Vault not registered: {vault}")
    return Signer(address, user)


def check_time(envelope: Envelope, wall_ms: int) -> None:
    """`expiresAfter` belongs to the client's clock, which is wall time."""
    expires_after = envelope.get("expiresAfter")
    if expires_after is not None and expires_after < wall_ms:
        raise No("Action already expired")


def check_form(envelope: Envelope) -> None:
    """What the venue refuses whatever the state of the market is."""
    action = envelope["action"]
    if action.get("builder") is not None:
        raise No("Builder fee has not been approved.")
    if batch_length(action) > _MAX_BATCH:
        raise No(f"Signed action over weight limit of {_MAX_BATCH}.")
    if action["type"] == "usdSend" and not _USD.fullmatch(action["amount"]):
        raise No(f"Invalid amount: {action['amount']}")
    if action["type"] in USER_SIGNED and envelope["nonce"] != action.get("nonce", action.get("time")):
        raise No("Nonce of the request does not match the signed action.")


def _recovered(envelope: Envelope) -> str:
    try:
        return recover(_digest(envelope), envelope["signature"])
    except BadSignature:
        raise No("Unable to recover signer.") from None


def _digest(envelope: Envelope) -> bytes:
    """Loopback is nobody's mainnet: a signature for the other network leads to another signer."""
    action: Mapping[str, Any] = envelope["action"]
    if action["type"] in USER_SIGNED:
        message = {**action, "hyperliquidChain": "Testnet"}
        return message_digest(action["type"], message, int(action["signatureChainId"], 16))
    hashed = action_hash(
        action, envelope["nonce"], envelope.get("vaultAddress"), envelope.get("expiresAfter")
    )
    return l1_digest(hashed, mainnet=False)
