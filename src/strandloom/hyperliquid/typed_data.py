"""The two EIP-712 digests that Hyperliquid has people sign: an action's hash, or a readable message."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import msgpack
from eth_hash.auto import keccak

Fields = tuple[tuple[str, str], ...]  # (type, name) in the order in which they are hashed

_DOMAIN: Final = keccak(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
_AGENT: Final = keccak(b"Agent(string source,bytes32 connectionId)")
_L1_CHAIN_ID: Final = 1337
_MAINNET: Final = keccak(b"a")
_TESTNET: Final = keccak(b"b")

MESSAGES: Final[Mapping[str, Fields]] = {
    "approveAgent": (
        ("string", "hyperliquidChain"),
        ("address", "agentAddress"),
        ("string", "agentName"),
        ("uint64", "nonce"),
    ),
    "usdSend": (
        ("string", "hyperliquidChain"),
        ("string", "destination"),
        ("string", "amount"),
        ("uint64", "time"),
    ),
}


def action_hash(action: Any, nonce: int, vault: str | None, expires_after: int | None) -> bytes:
    """The hash that names an action: its packed form, the nonce, for whom, and until when."""
    packed = msgpack.packb(action) + nonce.to_bytes(8, "big")
    packed += b"\0" if vault is None else b"\1" + bytes.fromhex(vault[2:])
    if expires_after is not None:
        packed += b"\0" + expires_after.to_bytes(8, "big")
    return bytes(keccak(packed))


def l1_digest(hashed: bytes, *, mainnet: bool) -> bytes:
    """What is signed for an action of the exchange: a phantom agent that carries the action's hash."""
    source = _MAINNET if mainnet else _TESTNET
    return _digest(_domain("Exchange", _L1_CHAIN_ID), keccak(_AGENT + source + hashed))


def message_digest(kind: str, message: Mapping[str, Any], chain_id: int) -> bytes:
    """What is signed for an action that a wallet shows to its owner."""
    fields = MESSAGES[kind]
    # an unnamed agent signs an empty name and leaves it out of the message
    words = b"".join(_word(type_, message.get(name, "")) for type_, name in fields)
    return _digest(_domain("HyperliquidSignTransaction", chain_id), keccak(_type_hash(kind) + words))


def _digest(domain: bytes, struct: bytes) -> bytes:
    return bytes(keccak(b"\x19\x01" + domain + struct))


@lru_cache(maxsize=64)
def _domain(name: str, chain_id: int) -> bytes:
    words = keccak(name.encode()), keccak(b"1"), chain_id.to_bytes(32, "big"), bytes(32)
    return bytes(keccak(_DOMAIN + b"".join(words)))


@lru_cache
def _type_hash(kind: str) -> bytes:
    name = f"HyperliquidTransaction:{kind[0].upper()}{kind[1:]}"
    fields = ",".join(f"{type_} {field}" for type_, field in MESSAGES[kind])
    return bytes(keccak(f"{name}({fields})".encode()))


def _word(type_: str, value: Any) -> bytes:
    if type_ == "string":
        return bytes(keccak(str(value).encode()))
    if type_ == "address":
        return bytes.fromhex(value[2:]).rjust(32, b"\0")
    return int(value).to_bytes(32, "big")
