"""When an asset is taken off the built-in exchange: it says nothing for an hour in which others speak."""

from collections.abc import Iterator, Mapping

import numpy as np

from strandloom.exchange.asset import Asset
from strandloom.indicators.frame import Flags, Frame

SILENT_MINUTES = 60


def silent(frame: Frame, end: int, rows: Mapping[int, Asset]) -> Iterator[Asset]:
    """Of the assets by their rows, those that have fallen silent by the bar before `end`.

    Whoever never spoke is not listed yet; while nobody speaks, nothing is known of anybody.
    """
    first = end - SILENT_MINUTES
    if first < 0:
        return
    known: Flags = np.isfinite(frame.close[:, first:end])
    if not known.any(axis=0).all():
        return
    for row, asset in rows.items():
        if not known[row].any() and np.isfinite(frame.close[row, :first]).any():
            yield asset
