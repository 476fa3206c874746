"""Tables beside the memory board take back a group that failed."""

from strandloom.blackboard.tables import Tables


def test_a_rollback_restores_replaced_removed_and_new_rows() -> None:
    tables = Tables()
    tables["budget"].put("BTC", {"open": 1})
    tables["budget"].put("ETH", {"open": 2})
    tables.commit()

    tables["budget"].put("BTC", {"open": 5})
    tables["budget"].put("BTC", {"open": 6})
    tables["budget"].remove("ETH")
    tables["budget"].put("SOL", {"open": 7})
    tables.rollback()

    assert dict(tables["budget"].rows()) == {"BTC": {"open": 1}, "ETH": {"open": 2}}


def test_a_commit_is_final() -> None:
    tables = Tables()
    tables["budget"].put("BTC", {"open": 1})
    tables.commit()
    tables.rollback()

    assert tables["budget"].get("BTC") == {"open": 1}


def test_removing_what_is_not_there_changes_nothing() -> None:
    tables = Tables()
    tables["budget"].remove("BTC")
    tables.rollback()

    assert "BTC" not in tables["budget"]
    assert len(tables["budget"]) == 0
