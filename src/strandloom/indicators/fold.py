"""Combine every n neighbouring columns in a fixed tree: the order of arithmetic never depends on the pass.

Running sums drift, and a value would then depend on where the pass began.  Here the n newest columns of
every t are merged in the same binary tree whether t is the only column or one of a million, so the last
column and the whole history agree to the last bit.  A window of n costs log2(n) merges a column in a
history, and 2n cells when only the newest column is wanted.
"""

from collections.abc import Callable

import numpy as np

from strandloom.indicators.frame import Floats

State = tuple[Floats, ...]
Merge = Callable[[State, State, int, int], State]  # older, newer, columns in each


def fold(leaves: State, n: int, merge: Merge) -> State:
    """[… × t] → [… × t−n+1]: the merge of columns t−n+1 … t for every t that has them."""
    columns = leaves[0].shape[-1]
    if columns < n:
        return tuple(leaf[..., :0] for leaf in leaves)
    return _newest(leaves, n, merge) if columns == n else _all(leaves, n, merge)


def rolling_sum(x: Floats, n: int) -> Floats:
    """Sum of the last n columns."""
    return fold((x,), n, lambda older, newer, _, __: (older[0] + newer[0],))[0]


def rolling_mean(x: Floats, n: int) -> Floats:
    """Mean of the last n columns."""
    return rolling_sum(x, n) / n


def rolling_max(x: Floats, n: int) -> Floats:
    """Largest of the last n columns; NaN where one is missing."""
    return fold((x,), n, lambda older, newer, _, __: (np.maximum(older[0], newer[0]),))[0]


def rolling_min(x: Floats, n: int) -> Floats:
    """Smallest of the last n columns; NaN where one is missing."""
    return fold((x,), n, lambda older, newer, _, __: (np.minimum(older[0], newer[0]),))[0]


def decayed_sum(x: Floats, keep: float, n: int) -> Floats:
    """Σ keep^k · x[t−k] over the last n columns: the finite kernel of an exponential average."""
    return fold((x,), n, lambda older, newer, _, age: (keep**age * older[0] + newer[0],))[0]


def _all(leaves: State, n: int, merge: Merge) -> State:
    """Levels of windows 1, 2, 4 … over all columns; those that n's bits name, newest and largest first."""
    out: State | None = None
    covered = 0
    outputs = leaves[0].shape[-1] - n + 1
    for size, level in reversed(_levels(leaves, n, merge)):
        first = n - covered - size
        part = tuple(x[..., first : first + outputs] for x in level)
        out = part if out is None else merge(part, out, size, covered)
        covered += size
    assert out is not None  # noqa: S101  (n is at least 1)
    return out


def _levels(leaves: State, n: int, merge: Merge) -> list[tuple[int, State]]:
    levels = []
    level, size = leaves, 1
    while True:
        if n & size:
            levels.append((size, level))
        if size * 2 > n:
            return levels
        older = tuple(x[..., :-size] for x in level)
        newer = tuple(x[..., size:] for x in level)
        level, size = merge(older, newer, size, size), size * 2


def _newest(leaves: State, n: int, merge: Merge) -> State:
    """The same tree for the newest column alone: halve from the newest end, keep odd ones for the end."""
    left: list[tuple[int, State]] = []
    level, size = leaves, 1
    while (count := level[0].shape[-1]) > 1:
        if count % 2:
            left.append((size, tuple(x[..., :1] for x in level)))
            level = tuple(x[..., 1:] for x in level)
        older = tuple(x[..., 0::2] for x in level)
        newer = tuple(x[..., 1::2] for x in level)
        level, size = merge(older, newer, size, size), size * 2
    covered = size
    for part_size, part in reversed(left):
        level = merge(part, level, part_size, covered)
        covered += part_size
    return level
