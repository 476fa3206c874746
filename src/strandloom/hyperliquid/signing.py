"""Keys, signatures, and whose signature it was."""

from collections.abc import Mapping
from typing import Any

from coincurve import PrivateKey, PublicKey
from eth_hash.auto import keccak

from strandloom.basics.errors import BadInput
from strandloom.hyperliquid.errors import BadSignature
from strandloom.hyperliquid.typed_data import action_hash, l1_digest, message_digest

SIGNATURE_CHAIN: int = 0x66EEE  # the chain that wallets name when they sign; any would do


class Wallet:
    """A private key that signs and never shows itself."""

    def __init__(self, secret: str) -> None:
        try:
            self._key = PrivateKey(bytes.fromhex(secret.strip().removeprefix("0x")))
        except ValueError:
            raise BadInput("a private key is 64 hexadecimal digits, with or without 0x") from None
        self.address = _address(self._key.public_key)

    def __repr__(self) -> str:
        return f"Wallet({self.address})"

    def sign(self, digest: bytes) -> dict[str, Any]:
        """The signature as the wire carries it."""
        raw = self._key.sign_recoverable(digest, hasher=None)
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big")
        return {"r": hex(r), "s": hex(s), "v": 27 + raw[64]}


def recover(digest: bytes, signature: Mapping[str, Any]) -> str:
    """The lower-case address whose key signed `digest`."""
    try:
        r, s, v = _part(signature["r"]), _part(signature["s"]), signature["v"]
        raw = r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([v - 27 if v >= 27 else v])
        return _address(PublicKey.from_signature_and_message(raw, digest, hasher=None))
    except Exception as error:
        raise BadSignature(f"not a signature: {error}") from error


def signed_l1(
    wallet: Wallet,
    action: Mapping[str, Any],
    nonce: int,
    *,
    mainnet: bool,
    vault: str | None = None,
    expires_after: int | None = None,
) -> dict[str, Any]:
    """An action of the exchange (orders, cancels, leverage …), ready to be posted."""
    hashed = action_hash(action, nonce, vault, expires_after)
    signature = wallet.sign(l1_digest(hashed, mainnet=mainnet))
    return _envelope(action, nonce, signature, vault, expires_after)


def signed_message(wallet: Wallet, action: Mapping[str, Any], *, mainnet: bool) -> dict[str, Any]:
    """An action of the account's owner (approveAgent, usdSend), ready to be posted.

    Its `nonce` or `time` field is the nonce.
    """
    chain = {
        "signatureChainId": hex(SIGNATURE_CHAIN),
        "hyperliquidChain": "Mainnet" if mainnet else "Testnet",
    }
    full = {**action, **chain}
    signature = wallet.sign(message_digest(action["type"], full, SIGNATURE_CHAIN))
    return _envelope(full, action.get("nonce", action.get("time")), signature, None, None)


def _envelope(
    action: Mapping[str, Any],
    nonce: int | None,
    signature: Mapping[str, Any],
    vault: str | None,
    expires_after: int | None,
) -> dict[str, Any]:
    return {
        "action": dict(action),
        "nonce": nonce,
        "signature": dict(signature),
        "vaultAddress": vault,
        "expiresAfter": expires_after,
    }


def _part(value: str) -> int:
    return int(value, 16)  # not padded on the wire: never slice it


def _address(key: PublicKey) -> str:
    return "0x" + keccak(key.format(compressed=False)[1:])[12:].hex()
