"""A value that is made quickly is the same value in every respect."""

import pickle
from collections.abc import Mapping
from copy import copy
from dataclasses import FrozenInstanceError, dataclass, field, replace
from inspect import signature
from typing import Any

import pytest
from pydantic import TypeAdapter

from strandloom.basics.quick import changed, maker, quick


class Base:
    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow(Base):
    name: str
    size: int = 3
    more: Mapping[str, int] = field(default_factory=dict)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Quick(Base):
    name: str
    size: int = 3
    more: Mapping[str, int] = field(default_factory=dict)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Positive:
    size: int

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("below zero")


@pytest.mark.parametrize("given", [{"name": "a"}, {"name": "a", "size": 1, "more": {"b": 2}}])
def test_its_maker_makes_the_very_same(given: dict[str, Any]) -> None:
    made = maker(Quick)(**given)
    assert type(made) is Quick
    assert made == Quick(**given)
    with pytest.raises((FrozenInstanceError, TypeError)):
        made.size = 4  # type: ignore[misc]
    with pytest.raises(TypeError):
        maker(Quick)(**given, colour="red")
    with pytest.raises(ValueError, match="below zero"):
        maker(Positive)(size=-1)


@pytest.mark.parametrize("given", [{"name": "a"}, {"name": "a", "size": 1, "more": {"b": 2}}])
def test_it_has_the_same_values_text_and_equality(given: dict[str, Any]) -> None:
    slow, made = Slow(**given), Quick(**given)
    assert type(made) is Quick
    assert repr(made) == repr(slow).replace("Slow", "Quick")
    assert made == Quick(**given)
    assert made != replace(made, size=9)
    assert replace(made, size=9).size == 9
    assert signature(Quick.__init__).parameters.keys() == signature(Slow.__init__).parameters.keys()


def test_it_cannot_be_changed() -> None:
    made = Quick(name="a")
    for change in ({"size": 4}, {"unheard_of": 1}):
        for name, value in change.items():
            with pytest.raises((FrozenInstanceError, TypeError)):
                setattr(made, name, value)
    assert not hasattr(made, "__dict__")


def test_what_is_missing_or_unheard_of_is_refused() -> None:
    for given in ({}, {"name": "a", "colour": "red"}):
        with pytest.raises(TypeError):
            Quick(**given)


def test_defaults_that_are_made_are_not_shared() -> None:
    assert Quick(name="a").more is not Quick(name="a").more


def test_it_is_copied_pickled_and_read_like_any_other() -> None:
    made = Quick(name="a", more={"b": 2})
    assert copy(made) == made
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - our own bytes
    adapter = TypeAdapter(Quick)
    assert adapter.validate_python(adapter.dump_python(made, mode="json")) == made


def test_what_a_class_asks_of_its_values_is_still_asked() -> None:
    assert Positive(size=1).size == 1
    with pytest.raises(ValueError, match="below zero"):
        Positive(size=-1)


def test_a_field_is_changed_in_a_copy() -> None:
    made = Quick(name="a", more={"b": 2})
    assert changed(made, size=9) == replace(made, size=9)
    assert (type(changed(made, size=9)), made.size) == (Quick, 3)
    with pytest.raises((FrozenInstanceError, TypeError)):
        changed(made, size=9).size = 1  # type: ignore[misc]
    with pytest.raises(AttributeError):
        changed(made, colour="red")
    with pytest.raises(ValueError, match="below zero"):
        changed(Positive(size=1), size=-1)


def test_only_frozen_slotted_values_given_by_name_can_be_made_so() -> None:
    @dataclass(frozen=True, slots=True)
    class ByPlace:
        size: int

    @dataclass(slots=True, kw_only=True)
    class Open:
        size: int

    for kind in (ByPlace, Open, int):
        with pytest.raises(TypeError):
            quick(kind)
