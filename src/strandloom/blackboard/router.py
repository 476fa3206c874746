"""Who wants a strand: patterns of all consumers, answered per set of tags and remembered."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from strandloom.blackboard import tags

T = TypeVar("T")
_REMEMBERED = 50_000


class Router(Generic[T]):
    """From a strand's tags and module to the targets of all who asked; nobody hears themselves."""

    def __init__(self) -> None:
        self._wants: dict[str, tuple[frozenset[str], T]] = {}
        self._answers: dict[tuple[str, tuple[str, ...]], tuple[T, ...]] = {}

    def want(self, consumer: str, patterns: tuple[str, ...], target: T) -> None:
        """From now on this consumer wants strands of these patterns."""
        self._wants[consumer] = (frozenset(patterns), target)
        self._answers.clear()

    def forget(self, consumer: str) -> None:
        self._wants.pop(consumer, None)
        self._answers.clear()

    def targets(self, module: str, given: tuple[str, ...]) -> tuple[T, ...]:
        """The targets for a strand that `module` posts with these tags, in order of first asking."""
        found = self._answers.get((module, given))
        if found is None:
            found = self._find(module, given)
        return found

    def patterns(self) -> Mapping[str, frozenset[str]]:
        return {consumer: patterns for consumer, (patterns, _) in self._wants.items()}

    def _find(self, module: str, given: tuple[str, ...]) -> tuple[T, ...]:
        if len(self._answers) >= _REMEMBERED:
            self._answers.clear()
        found = tuple(
            target
            for consumer, (patterns, target) in self._wants.items()
            if consumer != module and tags.match(patterns, given)
        )
        self._answers[module, given] = found
        return found
