"""The limits ship with a value each; a user's file changes some and is refused in one sentence when wrong."""

from datetime import time
from decimal import Decimal
from pathlib import Path

import pytest

from strandloom.basics.errors import BadInput
from strandloom.risk.limits import Blackout, differences, load


def file_with(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    return path


def test_a_users_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    mine = load(file_with(tmp_path, "[trade]\nrisk_percent = 1.0\n"))
    assert mine.trade.risk_percent == 1
    assert differences(load(), mine) == {"trade.risk_percent": ("2.0", "1.0")}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[trade]\nrisk_percnt = 1.0\n", "trade.risk_percnt"),
        ("[trade]\nrisk_percent = -1\n", "trade.risk_percent"),
        ("[nonsense]\na = 1\n", "nonsense"),
        ('[pace]\nblackouts = ["noon"]\n', "pace.blackouts"),
        ("not toml", "not TOML"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str, names: str) -> None:
    with pytest.raises(BadInput, match=names):
        load(file_with(tmp_path, text))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        load(tmp_path / "none.toml")


def test_a_blackout_may_cross_midnight() -> None:
    window = Blackout.parse("23:55-00:05")
    assert window.covers(time(23, 55))
    assert window.covers(time(0, 4))
    assert not window.covers(time(0, 5))


def test_money_limits_are_decimal() -> None:
    assert isinstance(load().losses.daily_percent, Decimal)
