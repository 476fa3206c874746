"""The tables of evidence: their named writes and looks, and how rows are written and read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from strandloom.blackboard.desk import Looks
from strandloom.blackboard.strand import Write
from strandloom.blackboard.tables import Row, Tables
from strandloom.blackboard.writes import look, write
from strandloom.kinds import registry
from strandloom.kinds.prediction import Outcome, Prediction
from strandloom.learning.book import Score
from strandloom.learning.keys import PatternKey

PAGE = 1_000
_PREDICTION = registry.known(Prediction)
_OUTCOME = registry.known(Outcome)
_NO_COLUMN = ("won",)  # follows from r_bps


def open_prediction(name: UUID, body: Prediction) -> Write:
    """Remember a prediction until it has its outcome."""
    content = _PREDICTION.dump(body)
    return Write(
        name="prediction.open",
        values={"prediction": str(name), "opens_at": content["opens_at"], "content": content},
    )


def close_prediction(name: UUID) -> Write:
    """It has its outcome, or will never have one."""
    return Write(name="prediction.close", values={"prediction": str(name)})


def add_evidence(body: Outcome) -> Write:
    """One row per outcome, whoever adds it how often."""
    row = {name: value for name, value in _OUTCOME.dump(body).items() if name not in _NO_COLUMN}
    return Write(name="evidence.add", values=row)


def put_keys(scores: Sequence[Score], as_of: datetime) -> Write:
    """What is known of some keys now."""
    keys = [
        {
            "key": str(score.key),
            "n": score.n,
            "n_blocks": score.n_blocks,
            "fresh": score.fresh,
            "sr": score.sr,
            "sr_low": score.sr_low,
            "net_bps": score.net_bps,
            "se_bps": score.se_bps,
        }
        for score in scores
    ]
    return Write(name="evidence.keys", values={"as_of": as_of.isoformat(), "keys": keys})


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


async def known_keys(looks: Looks, keys: Sequence[PatternKey]) -> Sequence[Row]:
    """What is known of these keys now; keys without evidence are left out."""
    return await looks.look("evidence.key", keys=[str(key) for key in keys])


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


@write("evidence.keys")
def _keys(tables: Tables, values: Mapping[str, Any]) -> bool:
    table = tables["pattern_keys"]
    for row in values["keys"]:
        before = table.get(row["key"])
        if before is None or before["as_of"] <= values["as_of"]:
            table.put(row["key"], {**row, "as_of": values["as_of"]})
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


@look("evidence.shadows")
def _shadows(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    since = datetime.fromisoformat(values["since"])
    found = [
        {"opened_at": row["opened_at"], "r_bps": row["r_bps"]}
        for _, row in tables["pattern_evidence"].rows()
        if row["shadow"] and row["symbol"] == values["symbol"]
    ]
    return [row for row in found if datetime.fromisoformat(row["opened_at"]) >= since][:10_000]


@look("evidence.key")
def _one_key(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    found = (tables["pattern_keys"].get(key) for key in values["keys"])
    return [row for row in found if row is not None]


@look("evidence.keys")
def _keys_page(tables: Tables, values: Mapping[str, Any]) -> Sequence[Row]:
    like = (values.get("like") or "%").removesuffix("%")
    found = (row for key, row in tables["pattern_keys"].rows() if key.startswith(like))
    rows = sorted(found, key=lambda r: (-r["n_blocks"], r["key"]))
    return rows[: values.get("limit") or 100]
