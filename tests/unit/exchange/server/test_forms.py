"""However a request is spelt, the same thing is hashed; what is not of the venue's shape is refused."""

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strandloom.exchange.server import forms
from strandloom.exchange.server.forms import Unreadable

CLOID = "0x0000000000000000000000000000ABCD"
ORDER = {
    "a": 1,
    "b": True,
    "p": "100.1",
    "s": "0.5",
    "r": False,
    "t": {"trigger": {"isMarket": True, "triggerPx": "99", "tpsl": "sl"}},
    "c": CLOID.lower(),
}
LIMIT = {"a": 1, "b": True, "p": "1", "s": "2", "r": False, "t": {"limit": {"tif": "Gtc"}}}
ACTION = {"type": "order", "orders": [ORDER, LIMIT], "grouping": "normalTpsl"}


def an_envelope(action: Any = ACTION, **changes: Any) -> dict[str, Any]:
    signature = {"r": "0x1", "s": "0x2", "v": 27}
    return {"action": action, "nonce": 1, "signature": signature, "vaultAddress": None, **changes}


def shuffled(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict):
        items = list(value.items())
        rng.shuffle(items)
        return {key: shuffled(item, rng) for key, item in items}
    return [shuffled(item, rng) for item in value] if isinstance(value, list) else value


@given(st.randoms())
def test_key_order_does_not_change_what_is_hashed(rng: random.Random) -> None:
    read = forms.read(shuffled(an_envelope(), rng))["action"]
    assert json.dumps(read) == json.dumps(ACTION)


def test_padding_case_nulls_and_unknown_fields_do_not_change_what_is_hashed() -> None:
    padded = {**ORDER, "p": "100.1000", "s": "00.50", "c": CLOID, "note": "mine"}
    plain = {**LIMIT, "p": "1.0", "c": None}
    read = forms.read(an_envelope({**ACTION, "orders": [padded, plain], "builder": None}))["action"]
    assert json.dumps(read) == json.dumps(ACTION)


WRONG_ACTIONS: list[Any] = [
    {},
    {"type": "teleport"},
    {"type": ["order"]},
    {**ACTION, "orders": None},
    {**ACTION, "grouping": "some"},
    *({**ACTION, "orders": [{**LIMIT, **wrong}]} for wrong in (
        {"a": -1}, {"a": "1"}, {"a": 1.0}, {"a": True}, {"a": 2**32},
        {"b": 1}, {"b": "true"},
        {"p": 100.1}, {"p": "NaN"}, {"p": "inf"}, {"p": "1e5"}, {"p": ""}, {"p": "0.123456789"},
        {"p": "9" * 41},
        {"s": None}, {"s": {}},
        {"r": None},
        {"t": {}}, {"t": {"limit": {"tif": "gtc"}}}, {"t": {"trigger": {"isMarket": True}}},
        {"c": "0x1"}, {"c": 5},
    )),
]  # fmt: skip


@pytest.mark.parametrize("action", WRONG_ACTIONS)
def test_a_wrong_action_is_unreadable(action: Any) -> None:
    with pytest.raises(Unreadable):
        forms.read(an_envelope(action))


WRONG_ENVELOPES: list[Any] = [
    None,
    [],
    "order",
    an_envelope("order"),
    an_envelope(nonce=-1),
    an_envelope(nonce="1"),
    an_envelope(nonce=2**64),
    an_envelope(signature=None),
    an_envelope(signature={"r": "0x1", "s": "0x2"}),
    an_envelope(signature={"r": "0x" + "1" * 65, "s": "0x2", "v": 27}),
    an_envelope(vaultAddress="me"),
    an_envelope(expiresAfter=1.5),
]


@pytest.mark.parametrize("body", WRONG_ENVELOPES)
def test_a_wrong_envelope_is_unreadable(body: Any) -> None:
    with pytest.raises(Unreadable):
        forms.read(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["action", "type", "orders", "nonce", "signature", "a", "b", "p", "s", "r", "t", "limit", "v"]
    ), inner, max_size=6),
    max_leaves=30,
)  # fmt: skip


@given(JSON)
def test_nothing_at_all_breaks_the_reader(body: Any) -> None:
    with pytest.raises(Unreadable):
        forms.read(body)


@given(JSON)
def test_nothing_inside_an_order_breaks_the_reader(inner: Any) -> None:
    order = {**LIMIT, **inner} if isinstance(inner, dict) else inner
    try:
        read = forms.read(an_envelope({**ACTION, "orders": [order]}))
    except Unreadable:
        return
    assert set(read["action"]) == {"type", "orders", "grouping"}
