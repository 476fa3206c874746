"""A property of a value that never changes is worked out once, and only if somebody reads it."""

from dataclasses import dataclass, field

import pytest

from strandloom.basics.once import once


@dataclass(frozen=True, kw_only=True)
class Sum:
    parts: tuple[int, ...]
    asked: list[str] = field(default_factory=list)

    @once
    def total(self) -> int:
        """Of all parts."""
        self.asked.append("total")
        if not self.parts:
            raise LookupError("there are none")
        return sum(self.parts)


def test_it_is_worked_out_when_it_is_read_first_and_never_again() -> None:
    one, other = Sum(parts=(1, 2)), Sum(parts=(5,))
    assert one.asked == []
    assert [one.total, one.total, other.total] == [3, 3, 5]
    assert (one.asked, other.asked) == (["total"], ["total"])


def test_what_could_not_be_worked_out_is_tried_again() -> None:
    empty = Sum(parts=())
    for _ in range(2):
        with pytest.raises(LookupError):
            _ = empty.total
    assert empty.asked == ["total", "total"]


def test_it_is_no_part_of_what_makes_two_values_equal_and_keeps_its_sentence() -> None:
    read, unread = Sum(parts=(1,), asked=["total"]), Sum(parts=(1,))
    assert unread.total == 1
    assert read == unread
    assert Sum.total.__doc__ == "Of all parts."
