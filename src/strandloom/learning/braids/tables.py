"""The tables of braids: what waits to be woven, what was woven, and which patterns stood together when."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.blackboard.strand import Write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write
from strandloom.kinds.braid import Braid
from strandloom.learning.braids.yarn import Yarn
from strandloom.scoring.evidence import Floats

ENOUGH = 3
AT_MOST = 30  # members of one braid
SIGNATURES_S = 26 * 3_600  # no prediction is open longer
_RIPE = 200


def offer(yarn: Yarn, clusters: Sequence[str], level: int, at: datetime) -> Write:
    """A member for each of its clusters."""
    return Write(
        name="braid.offer",
        values={
            "strand": str(yarn.strand),
            "clusters": list(clusters),
            "level": level,
            "at": at.isoformat(),
            "content": yarn.content(),
        },
    )


def consume(braid: UUID, body: Braid, members: Sequence[UUID], at: datetime) -> Write:
    """These members are woven into this braid; fails where somebody else has woven one of them."""
    return Write(
        name="braid.consume",
        values={
            "braid": str(braid),
            "cluster": body.cluster,
            "level": body.level,
            "members": [str(member) for member in members],
            "n": body.n,
            "sr": body.sr,
            "mean_net_bps": body.mean_net_bps,
            "resonance": body.resonance,
            "at": at.isoformat(),
        },
    )


def signatures(minute: datetime, by_symbol: Mapping[str, str]) -> Write:
    """What stood together on each symbol at a minute."""
    values = {"minute_s": int(minute.timestamp()), "signatures": dict(by_symbol)}
    return Write(name="braid.signatures", values=values)


def place(braid: UUID, level: int, vector: Floats) -> Write:
    """Where a braid lies among the situations that were."""
    values = {"strand": str(braid), "level": level, "vector": [round(value, 6) for value in vector.tolist()]}
    return Write(name="embedding.put", values=values)


def yarn_of(row: Mapping[str, Any]) -> Yarn:
    """A member of the look `braid.ripe`."""
    return Yarn.of_content(UUID(row["strand"]), row["content"])


@write("braid.offer")
def _offer(tables: Tables, values: Mapping[str, Any]) -> bool:
    if values["strand"] in tables["braid_offered"]:
        return True
    tables["braid_offered"].put(values["strand"], {})
    member = {name: values[name] for name in ("strand", "at", "content")}
    for cluster in values["clusters"]:
        place = (cluster, values["level"])
        waiting = tables["braid_waiting"].get(place)
        members = ((*waiting["members"],) if waiting else ()) + (member,)
        _wait(tables, place, members)
    return True


@write("braid.consume")
def _consume(tables: Tables, values: Mapping[str, Any]) -> bool:
    if values["braid"] in tables["braids"]:
        return True
    place = (values["cluster"], values["level"] - 1)
    waiting = tables["braid_waiting"].get(place)
    wanted = set(values["members"])
    left = tuple(m for m in (waiting["members"] if waiting else ()) if m["strand"] not in wanted)
    if waiting is None or len(waiting["members"]) - len(left) != len(wanted):
        return False
    _wait(tables, place, left)
    kept = ("braid", "cluster", "level", "n", "sr", "mean_net_bps", "resonance", "at")
    row = {name: values[name] for name in kept} | {"members": len(wanted)}
    tables["braids"].put(values["braid"], row)
    return True


def _wait(tables: Tables, place: tuple[str, int], members: tuple[Row, ...]) -> None:
    tables["braid_waiting"].put(place, {"members": members})
    ripe = tables["braid_ripe"]
    if len(members) >= ENOUGH:
        ripe.put(place, {})
    elif place in ripe:
        ripe.remove(place)


@write("braid.signatures")
def _note(tables: Tables, values: Mapping[str, Any]) -> bool:
    table, minute_s = tables["braid_signatures"], values["minute_s"]
    for symbol, text in values["signatures"].items():
        known = (table.get(symbol) or {"minutes": ()})["minutes"]
        kept = known[bisect_left(known, (minute_s - SIGNATURES_S,)) : bisect_left(known, (minute_s,))]
        later = known[bisect_left(known, (minute_s + 1,)) :]
        table.put(symbol, {"minutes": (*kept, (minute_s, text), *later)})
    return True


@write("embedding.put")
def _place(tables: Tables, values: Mapping[str, Any]) -> bool:
    if values["strand"] not in tables["strand_embeddings"]:
        tables["strand_embeddings"].put(values["strand"], dict(values))
    return True


@look("braid.ripe")
def _ripe(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    before = datetime.fromisoformat(values["before"])
    found = []
    for place, _ in tables["braid_ripe"].rows():
        waiting = tables["braid_waiting"].get(place)
        members = [
            m for m in (waiting or {"members": ()})["members"] if datetime.fromisoformat(m["at"]) < before
        ]
        if len(members) >= ENOUGH:
            members.sort(key=lambda m: (datetime.fromisoformat(m["at"]), m["strand"]))
            found.append({"cluster": place[0], "level": place[1], "members": members[:AT_MOST]})
    found.sort(key=lambda row: (row["level"], row["cluster"]))
    return found[:_RIPE]


@look("braid.signatures")
def _signatures(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    known = (tables["braid_signatures"].get(values["symbol"]) or {"minutes": ()})["minutes"]
    inside = known[bisect_left(known, (values["since_s"],)) : bisect_left(known, (values["until_s"] + 1,))]
    return [{"minute_s": minute_s, "signature": text} for minute_s, text in inside]


@look("braid.list")
def _list(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    like, level = values.get("cluster") or "", values.get("level")
    limit = min(values.get("limit") or 30, 1_000)
    found = []
    for _, row in tables["braids"].newest():
        if row["cluster"].startswith(like) and level in (None, row["level"]):
            found.append(row)
    found.sort(key=lambda row: row["braid"])
    found.sort(key=lambda row: datetime.fromisoformat(row["at"]), reverse=True)
    return found[:limit]


@look("embedding.similar")
def _similar(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    own = tables["strand_embeddings"].get(values["strand"])
    if own is None:
        return []
    alike = [
        (-sum(a * b for a, b in zip(own["vector"], row["vector"], strict=True)), name)
        for name, row in tables["strand_embeddings"].rows()
        if name != values["strand"]
    ]
    limit = min(values.get("limit") or 10, 100)
    return [{"strand": name, "cosine": -distance} for distance, name in sorted(alike)[:limit]]
