"""The tables of lessons: their named writes and looks, in memory; PostgreSQL has the same as functions."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write

PAGE = 1_000
IN_FORCE = ("active", "contraindicated")
LONGEST = timedelta(days=2)  # no outcome lies longer than this between its opening and its row
_EVIDENCE = (
    "prediction", "family", "pattern", "direction", "symbol", "timeframe", "regime", "session",
    "r_bps", "gross_bps", "opened_at", "closed_at", "shadow", "late",
)  # fmt: skip
Asked = Mapping[str, Any]


@write("lesson.register")
def _register(tables: Tables, asked: Asked) -> bool:
    if asked["lesson"] not in tables["lesson_candidates"]:
        kept = {name: asked[name] for name in ("lesson", "identity", "registered_at", "version")}
        tables["lesson_candidates"].put(asked["lesson"], kept)
        versions = tables["lesson_identities"].get(asked["identity"]) or {"versions": ()}
        known = (*versions["versions"], asked["lesson"])
        tables["lesson_identities"].put(asked["identity"], {"versions": known})
        _put(tables, {"lesson": asked["lesson"], "revision": 0, "content": asked["content"]})
    return True


@write("lesson.move")
def _move(tables: Tables, asked: Asked) -> bool:
    known = tables["lessons"].get((asked["lesson"], asked["revision"]))
    if known is not None:
        return bool(known["content"] == asked["content"])
    before = tables["lessons"].get((asked["lesson"], asked["revision"] - 1))
    if before is None:
        return False
    _put(tables, {**before, "known_to": asked["content"]["known_from"]})
    _put(tables, {name: asked[name] for name in ("lesson", "revision", "content")})
    return True


def _put(tables: Tables, row: Mapping[str, Any]) -> None:
    """The row itself, the newest of each lesson, and what has ever been in force."""
    row = {"known_to": None, **row}
    key = (row["lesson"], row["revision"])
    tables["lessons"].put(key, row)
    if row["known_to"] is None:
        tables["lessons_now"].put(row["lesson"], row)
    if row["content"]["status"] in IN_FORCE:
        tables["lessons_in_force"].put(key, row)


@write("lesson.look")
def _look(tables: Tables, asked: Asked) -> bool:
    key = (asked["lesson"], asked["gate"], asked["number"])
    if key not in tables["lesson_looks"]:
        tables["lesson_looks"].put(key, dict(asked))
    return True


@write("lesson.fold")
def _fold(tables: Tables, asked: Asked) -> bool:
    before = (tables["lesson_folds"].get(asked["lesson"]) or {"folds": ()})["folds"]
    if before and _time(before[-1]["until"]) == _time(asked["until"]):
        return True
    if before and _time(before[-1]["until"]) != _time(asked["since"]):
        return False
    tables["lesson_folds"].put(asked["lesson"], {"folds": (*before, dict(asked))})
    return True


@write("lesson.use")
def _use(tables: Tables, asked: Asked) -> bool:
    if asked["prediction"] not in tables["lesson_uses"]:
        tables["lesson_uses"].put(asked["prediction"], {**asked, "taken": False})
    return True


@write("lesson.taken")
def _taken(tables: Tables, asked: Asked) -> bool:
    row = tables["lesson_uses"].get(asked["prediction"])
    if row is not None and not row["taken"]:
        tables["lesson_uses"].put(asked["prediction"], {**row, "taken": True})
    return True


@look("lesson.in_force")
def _in_force(tables: Tables, asked: Asked) -> Sequence[Row]:
    rows = tables["lessons_in_force"]
    if not len(rows):
        return []
    at = datetime.fromisoformat(asked["at"])
    found = [row["content"] for _, row in rows.rows() if _known_at(row, at)]
    return [{"content": content} for content in sorted(found, key=lambda content: str(content["lesson"]))]


def _known_at(row: Mapping[str, Any], at: datetime) -> bool:
    return _time(row["content"]["known_from"]) <= at and (
        row["known_to"] is None or at < _time(row["known_to"])
    )


@look("lesson.now")
def _now(tables: Tables, asked: Asked) -> Sequence[Row]:
    wanted, after = asked.get("status"), asked.get("after")
    rows = sorted(
        (row["lesson"], row)
        for name, row in tables["lessons_now"].rows()
        if (wanted is None or row["content"]["status"] in wanted) and (after is None or name > after)
    )
    return [{"lesson": name, "content": row["content"]} for name, row in rows[: asked.get("limit") or PAGE]]


@look("lesson.history")
def _history(tables: Tables, asked: Asked) -> Sequence[Row]:
    found: list[Row] = []
    while (row := tables["lessons"].get((asked["lesson"], len(found)))) is not None:
        found.append({"content": row["content"], "known_to": _plain(row["known_to"])})
    return found


@look("lesson.versions")
def _versions(tables: Tables, asked: Asked) -> Sequence[Row]:
    row = tables["lesson_identities"].get(asked["identity"])
    rows = [tables["lessons_now"].get(name) for name in row["versions"]] if row else []
    found = [{"lesson": row["lesson"], "content": row["content"]} for row in rows if row is not None]
    return sorted(found, key=lambda row: row["content"]["version"])


@look("lesson.trials")
def _trials(tables: Tables, asked: Asked) -> Sequence[Row]:
    return [{"n_trials": len(tables["lesson_candidates"])}]


@look("lesson.looks")
def _looks(tables: Tables, asked: Asked) -> Sequence[Row]:
    found = (
        tables["lesson_looks"].get((asked["lesson"], gate, number))
        for gate in ("negative", "positive")
        for number in range(4)
    )
    return [row for row in found if row is not None]


@look("lesson.folds")
def _folds(tables: Tables, asked: Asked) -> Sequence[Row]:
    row = tables["lesson_folds"].get(asked["lesson"])
    folds = row["folds"] if row else ()
    first = len(folds)
    while first and (asked.get("after") is None or _time(folds[first - 1]["until"]) > _time(asked["after"])):
        first -= 1
    return list(folds[first:])


@look("lesson.evidence")
def _evidence(tables: Tables, asked: Asked) -> Sequence[Row]:
    since, limit = _time(asked["since"]), asked.get("limit") or PAGE
    after = (_time(asked["after_at"]), asked["after"]) if asked.get("after") else None
    found = []
    for row in _newest(tables, since):
        place = (_time(row["opened_at"]), row["prediction"])
        if place[0] >= since and (after is None or place > after):
            found.append((place, row))
    found.sort(key=lambda pair: pair[0])
    return [{name: row[name] for name in _EVIDENCE} for _, row in found[:limit]]


def _newest(tables: Tables, since: datetime) -> Iterator[Row]:
    """Rows come in the order of their closings, so those long closed end the walk."""
    for _, row in tables["pattern_evidence"].newest():
        if _time(row["closed_at"]) < since - LONGEST:
            return
        yield row


@look("lesson.promising")
def _promising(tables: Tables, asked: Asked) -> Sequence[Row]:
    found = []
    for key, row in tables["pattern_keys"].rows():
        se = row["se_bps"]
        if se and row["n_blocks"] >= asked["blocks"] and abs(row["net_bps"]) >= asked["z"] * se:
            found.append((-abs(row["net_bps"]) / se, key, row))
    found.sort(key=lambda entry: entry[:2])
    names = ("key", "n", "n_blocks", "net_bps", "se_bps")
    return [{name: row[name] for name in names} for _, _, row in found[: asked.get("limit") or 100]]


@look("lesson.lift")
def _lift(tables: Tables, asked: Asked) -> Sequence[Row]:
    evidence, found = tables["pattern_evidence"], []
    for name, use in tables["lesson_uses"].rows():
        row = evidence.get(name)
        if row is not None and (asked.get("lesson") is None or asked["lesson"] in use["lessons"]):
            found.append(
                {
                    "prediction": name,
                    "opened_at": _plain(row["opened_at"]),
                    "held_out": use["held_out"],
                    "taken": use["taken"],
                    "r_bps": row["r_bps"],
                    "p": row["p"],
                    "p_base": row["p_base"],
                }
            )
    found.sort(key=lambda row: (_time(row["opened_at"]), row["prediction"]))
    return found[-(asked.get("limit") or 100_000) :]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _plain(text: str | None) -> str | None:
    """As the database writes a moment."""
    return None if text is None else _time(text).isoformat()
