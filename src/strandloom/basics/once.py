"""A property that is worked out when it is first read, as `cached_property`, but without that one's lock."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

V = TypeVar("V")


class Keeps:
    """What a class with slots derives from to have room for what is worked out once."""

    __slots__ = ("__dict__",)


class once(Generic[V]):  # noqa: N801 - it is used as a decorator
    """For holders that never change and have a `__dict__`; two threads may both work it out, to the same."""

    def __init__(self, work: Callable[[Any], V]) -> None:
        self._work = work
        self._name = work.__name__
        self.__doc__ = work.__doc__

    @overload
    def __get__(self, holder: None, owner: type) -> "once[V]": ...
    @overload
    def __get__(self, holder: object, owner: type) -> V: ...
    def __get__(self, holder: object | None, owner: type) -> "once[V] | V":
        if holder is None:
            return self
        value = holder.__dict__[self._name] = self._work(holder)
        return value
