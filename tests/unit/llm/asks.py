"""Builders of asks: a test names only what it is about."""

from typing import Any

from strandloom.llm.port import Ask, Evidence
from tests.builders import NOON


def an_ask(**fields: Any) -> Ask:
    """A braid of breakouts that wants its sentence."""
    numbers = fields.pop("numbers", {"net_bps": 3.25, "n_blocks": 64, "low_bps": -1.5})
    names = fields.pop("names", {"pattern": "volume.spike:up", "symbol": "BTC", "timeframe": "5m"})
    evidence = Evidence(numbers=numbers, names=names, quoted=fields.pop("quoted", {}))
    given = {"agent": "cil.weaver", "prompt": "cil/braid", "evidence": evidence, "at": NOON}
    return Ask(**(given | fields))
