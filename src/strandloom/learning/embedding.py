"""Situations as vectors: a port, and the deterministic hashing embedding that needs nothing."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from math import sqrt
from typing import Protocol

import numpy as np

from strandloom.scoring.evidence import Floats

DIMENSIONS = 64


class Embedder(Protocol):
    """Words and how often, as a vector of length one; all zeros where there is no word."""

    def vector(self, words: Mapping[str, float]) -> Floats: ...


class HashingEmbedder:
    """Each word adds to a few places that follow from its hash: the same on every machine, for ever."""

    def vector(self, words: Mapping[str, float]) -> Floats:
        made = [0.0] * DIMENSIONS
        for word in sorted(words):
            weight = sqrt(words[word])
            for place, sign in _places(word):
                made[place] += sign * weight
        out: Floats = np.array(made)
        length = float(np.linalg.norm(out))
        return out / length if length > 0 else out


@lru_cache(maxsize=10_000)
def _places(word: str) -> tuple[tuple[int, float], ...]:
    """Four places and their signs."""
    digest = blake2b(word.encode(), digest_size=8).digest()
    signs = (1.0 if byte % 2 else -1.0 for byte in digest[4:])
    return tuple(zip((byte % DIMENSIONS for byte in digest[:4]), signs, strict=True))
