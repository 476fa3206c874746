"""The tables of evidence: their named writes and looks, and how rows are written and read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.blackboard.desk import Looks
from strandloom.blackboard.strand import Write, new_write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write
from strandloom.kinds import registry
from strandloom.kinds.prediction import Outcome, Prediction
from strandloom.learning.scored import Scored

PAGE = 1_000
COLUMNS_PAGE = 20_000
LEAF = ("pattern", "direction", "symbol", "timeframe", "regime", "session")
_PREDICTION = registry.known(Prediction)
_OUTCOME = registry.known(Outcome)
_MOST = 10_000
_NIGHTLY = ("novelty", "selection")  # worked out nightly: in between they stay


def open_prediction(name: UUID, body: Prediction) -> Write:
    """Remember a prediction until it has its outcome."""
    content = _PREDICTION.dump(body)
    return new_write(
        name="prediction.open",
        values={"prediction": str(name), "opens_at": content["opens_at"], "content": content},
    )


def close_prediction(name: UUID) -> Write:
    """It has its outcome, or will never have one."""
    return new_write(name="prediction.close", values={"prediction": str(name)})


def add_evidence(body: Outcome) -> Write:
    """One row per outcome, whoever adds it how often."""
    row = _OUTCOME.dump(body)
    del row["won"]  # it has no column, since it follows from r_bps
    return new_write(name="evidence.add", values=row)


def put_scores(rows: Sequence[Scored], as_of: datetime) -> Write:
    """What is known of some keys now."""
    return new_write(name="score.put", values=_told(rows, as_of))


def keep_scores(rows: Sequence[Scored], as_of: datetime) -> Write:
    """What was known of some keys on this night, for ever."""
    return new_write(name="score.keep", values=_told(rows, as_of))


def _told(rows: Sequence[Scored], as_of: datetime) -> dict[str, Any]:
    return {"as_of": as_of.isoformat(), "keys": [row.row() for row in rows]}


def prediction_of(row: Mapping[str, Any]) -> tuple[UUID, Prediction]:
    """A row of the look `prediction.open`."""
    body = _PREDICTION.load(row["content"], _PREDICTION.version)
    assert isinstance(body, Prediction)  # noqa: S101 - its kind's body
    return UUID(row["prediction"]), body


def outcome_of(row: Mapping[str, Any]) -> Outcome:
    """A row of the look `evidence.page`."""
    body = _OUTCOME.load({**row, "won": row["r_bps"] > 0}, _OUTCOME.version)
    assert isinstance(body, Outcome)  # noqa: S101 - its kind's body
    return body


async def known_keys(looks: Looks, keys: Sequence[str]) -> Sequence[Row]:
    """What is known of these keys now; keys without evidence are left out."""
    return await looks.look("key.scores", keys=list(keys))


async def most_resonant(looks: Looks, limit: int) -> Sequence[Row]:
    """The keys that resonate most now."""
    return await looks.look("key.scores", order="resonance", limit=limit)


@write("prediction.open")
def _open(tables: Tables, values: Mapping[str, Any]) -> bool:
    name = values["prediction"]
    if name not in tables["pattern_evidence"] and name not in tables["open_predictions"]:
        tables["open_predictions"].put(name, dict(values))
    return True


@write("prediction.close")
def _close(tables: Tables, values: Mapping[str, Any]) -> bool:
    if values["prediction"] in tables["open_predictions"]:
        tables["open_predictions"].remove(values["prediction"])
    return True


@write("evidence.add")
def _add(tables: Tables, values: Mapping[str, Any]) -> bool:
    if values["prediction"] not in tables["pattern_evidence"]:
        tables["pattern_evidence"].put(values["prediction"], dict(values))
    return True


@write("score.put")
def _put(tables: Tables, values: Mapping[str, Any]) -> bool:
    table, as_of = tables["pattern_keys"], values["as_of"]
    for row in values["keys"]:
        before = table.get(row["key"])
        if before is None or before["as_of"] <= as_of:
            stays = {name: before[name] for name in _NIGHTLY if row[name] is None} if before else {}
            table.put(row["key"], {**row, **stays, "as_of": as_of})
    return True


@write("score.keep")
def _keep(tables: Tables, values: Mapping[str, Any]) -> bool:
    kept, as_of = tables["pattern_keys_past"], values["as_of"]
    for row in values["keys"]:
        if (row["key"], as_of) not in kept:
            kept.put((row["key"], as_of), {**row, "as_of": as_of})
    return True


@look("prediction.open")
def _open_page(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    after = values.get("after")
    rows = sorted((row for _, row in tables["open_predictions"].rows()), key=lambda row: row["prediction"])
    later = [row for row in rows if after is None or row["prediction"] > after]
    return later[: values.get("limit") or PAGE]


@look("evidence.page")
def _evidence_page(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    def place(row: Mapping[str, Any]) -> tuple[datetime, str]:
        return datetime.fromisoformat(row["opened_at"]), row["prediction"]

    rows = sorted((row for _, row in tables["pattern_evidence"].rows()), key=place)
    if values.get("after") is not None:
        after = (datetime.fromisoformat(values["after_at"]), values["after"])
        rows = [row for row in rows if place(row) > after]
    return rows[: values.get("limit") or PAGE]


@look("evidence.columns")
def _columns(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    page = _evidence_page(tables, {**values, "limit": values.get("limit") or COLUMNS_PAGE})
    if not page:
        return []
    columns = {
        "rows": len(page),
        "after": [page[-1]["opened_at"], page[-1]["prediction"]],
        "leaf": ["|".join(row[name] for name in LEAF) for row in page],
        "counts": [row["family"] == "pattern" and not row["late"] for row in page],
        "opened_s": [_epoch_s(row["opened_at"]) for row in page],
        "closed_s": [_epoch_s(row["closed_at"]) for row in page],
        "base": [row["reference_rate"] for row in page],
    }
    return [columns | {name: [row[name] for row in page] for name in ("prediction", "r_bps", "p")}]


def _epoch_s(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@look("evidence.resonance")
def _resonance(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    since, until = (datetime.fromisoformat(values[name]) for name in ("since", "until"))
    found = []
    for name, row in tables["pattern_evidence"].newest():
        if datetime.fromisoformat(row["closed_at"]) < since:
            break  # they came in the order of their closing, so nobody before opened within the span
        if row.get("resonance") is None or row["late"] or row["family"] != "pattern":
            continue
        opened = datetime.fromisoformat(row["opened_at"])
        if opened >= since and datetime.fromisoformat(row["closed_at"]) <= until:
            found.append((opened, name, row["r_bps"], row["resonance"]))
    if not found:
        return []
    opened_at, _, r_bps, resonance = zip(*sorted(found), strict=True)
    opened_s = [int(at.timestamp()) for at in opened_at]
    return [{"opened_s": opened_s, "r_bps": list(r_bps), "resonance": list(resonance)}]


@look("evidence.shadows")
def _shadows(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    since = datetime.fromisoformat(values["since"])
    found = [
        {"opened_at": row["opened_at"], "r_bps": row["r_bps"]}
        for _, row in tables["pattern_evidence"].rows()
        if row["shadow"] and row["symbol"] == values["symbol"]
    ]
    return [row for row in found if datetime.fromisoformat(row["opened_at"]) >= since][:10_000]


@look("key.scores")
def _scores(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    table = tables["pattern_keys"]
    if values.get("keys") is not None:
        keys = sorted(set(values["keys"]))
        return [row for key in keys if (row := table.get(key)) is not None][:_MOST]
    if values.get("standing"):
        return _standing(tables, values)
    like = (values.get("like") or "%").removesuffix("%")
    first = values.get("order") or "n_blocks"
    rows = sorted(
        (row for key, row in table.rows() if key.startswith(like)),
        key=lambda row: (-(row[first] if row[first] is not None else -9e99), row["key"]),
    )
    return rows[: min(values.get("limit") or 100, _MOST)]


def _standing(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    after = values.get("after") or ""
    rows = (row for key, row in tables["pattern_keys"].rows() if key > after)
    known = [row for row in rows if row["phi"] is not None or row["rho"] is not None]
    return sorted(known, key=lambda row: row["key"])[: min(values.get("limit") or 100, _MOST)]


@look("key.scores_then")
def _scores_then(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    at, wanted = datetime.fromisoformat(values["at"]), set(values["keys"])
    newest: dict[str, Row] = {}
    for (key, as_of), row in tables["pattern_keys_past"].rows():
        then = datetime.fromisoformat(as_of)
        if (
            key in wanted
            and then <= at
            and (key not in newest or then > datetime.fromisoformat(newest[key]["as_of"]))
        ):
            newest[key] = row
    return [newest[key] for key in sorted(newest)][:_MOST]
