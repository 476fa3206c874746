"""What a client may post to /exchange, and the one spelling of it that is hashed.

The venue reads a request into its own types and packs those again before it recovers the signer.  So key
order, padded numbers, the case of addresses and fields that nobody knows change nothing; a wrong type does.
"""

from decimal import Decimal
from typing import Annotated, Any, Final, Literal, NotRequired

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from strandloom.hyperliquid import numbers

_STRICT: Final = ConfigDict(strict=True)


class Unreadable(Exception):
    """The request is not of the venue's shape: HTTP 422."""


def _bare(text: str) -> str:
    return numbers.bare(numbers.parse(text))


def _lower(text: str) -> str:
    return text.lower()


Number = Annotated[str, StringConstraints(max_length=40), AfterValidator(_bare)]
Address = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{40}$"), AfterValidator(_lower)]
Cloid = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{32}$"), AfterValidator(_lower)]
U32 = Annotated[int, Field(ge=0, lt=2**32)]
U64 = Annotated[int, Field(ge=0, lt=2**64)]
I64 = Annotated[int, Field(ge=-(2**63), lt=2**63)]


class _Form(TypedDict):
    __pydantic_config__ = _STRICT  # type: ignore[misc]


class LimitForm(_Form):
    tif: Literal["Alo", "Ioc", "Gtc", "FrontendMarket"]


class TriggerForm(_Form):
    isMarket: bool
    triggerPx: Number
    tpsl: Literal["tp", "sl"]


class LimitKind(_Form):
    limit: LimitForm


class TriggerKind(_Form):
    trigger: TriggerForm


class OrderForm(_Form):
    a: U32
    b: bool
    p: Number
    s: Number
    r: bool
    t: LimitKind | TriggerKind
    c: NotRequired[Cloid | None]


class BuilderForm(_Form):
    b: Address
    f: U64


class OrderAction(_Form):
    type: Literal["order"]
    orders: list[OrderForm]
    grouping: Literal["na", "normalTpsl", "positionTpsl"]
    builder: NotRequired[BuilderForm | None]


class CancelForm(_Form):
    a: U32
    o: U64


class CancelAction(_Form):
    type: Literal["cancel"]
    cancels: list[CancelForm]
    f: NotRequired[bool | None]


class CancelByCloidForm(_Form):
    asset: U32
    cloid: Cloid


class CancelByCloidAction(_Form):
    type: Literal["cancelByCloid"]
    cancels: list[CancelByCloidForm]
    f: NotRequired[bool | None]


class ModifyForm(_Form):
    oid: U64 | Cloid
    order: OrderForm


class ModifyAction(_Form):
    type: Literal["modify"]
    oid: U64 | Cloid
    order: OrderForm
    a: NotRequired[bool | None]


class BatchModifyAction(_Form):
    type: Literal["batchModify"]
    modifies: list[ModifyForm]
    a: NotRequired[bool | None]


class ScheduleCancelAction(_Form):
    type: Literal["scheduleCancel"]
    time: NotRequired[U64 | None]


class UpdateLeverageAction(_Form):
    type: Literal["updateLeverage"]
    asset: U32
    isCross: bool
    leverage: U32


class UpdateIsolatedMarginAction(_Form):
    type: Literal["updateIsolatedMargin"]
    asset: U32
    isBuy: bool
    ntli: I64


class NoopAction(_Form):
    type: Literal["noop"]


class ApproveAgentAction(_Form):
    type: Literal["approveAgent"]
    signatureChainId: Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{1,16}$")]
    hyperliquidChain: Literal["Mainnet", "Testnet"]
    agentAddress: Address
    agentName: NotRequired[str | None]
    nonce: U64


class UsdSendAction(_Form):
    type: Literal["usdSend"]
    signatureChainId: Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{1,16}$")]
    hyperliquidChain: Literal["Mainnet", "Testnet"]
    destination: Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{40}$")]  # signed as spelt
    amount: Annotated[str, StringConstraints(max_length=40)]  # signed as spelt
    time: U64


_ACTIONS: Final[dict[str, TypeAdapter[Any]]] = {
    "order": TypeAdapter(OrderAction),
    "cancel": TypeAdapter(CancelAction),
    "cancelByCloid": TypeAdapter(CancelByCloidAction),
    "modify": TypeAdapter(ModifyAction),
    "batchModify": TypeAdapter(BatchModifyAction),
    "scheduleCancel": TypeAdapter(ScheduleCancelAction),
    "updateLeverage": TypeAdapter(UpdateLeverageAction),
    "updateIsolatedMargin": TypeAdapter(UpdateIsolatedMarginAction),
    "noop": TypeAdapter(NoopAction),
    "approveAgent": TypeAdapter(ApproveAgentAction),
    "usdSend": TypeAdapter(UsdSendAction),
}
USER_SIGNED: Final = frozenset({"approveAgent", "usdSend"})


class SignatureForm(_Form):
    r: Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{1,64}$")]
    s: Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{1,64}$")]
    v: Annotated[int, Field(ge=0, le=28)]


class Envelope(_Form):
    """A whole request to /exchange."""

    action: dict[str, Any]
    nonce: U64
    signature: SignatureForm
    vaultAddress: NotRequired[Address | None]
    expiresAfter: NotRequired[U64 | None]


_ENVELOPE: Final = TypeAdapter(Envelope)


def read(body: Any) -> Envelope:
    """The request in the venue's own types; its action is in the spelling that is hashed."""
    try:
        envelope = _ENVELOPE.validate_python(body)
        adapter = _ACTIONS[envelope["action"]["type"]]
        envelope["action"] = _without_none(adapter.validate_python(envelope["action"]))
    except (ValidationError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    return envelope


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return value


def decimal(text: str) -> Decimal:
    """A number that `read` has let through."""
    return Decimal(text)
