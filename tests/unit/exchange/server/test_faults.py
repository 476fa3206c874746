"""A fault strikes where and as often as it was asked for."""

from strandloom.exchange.server.faults import Fault, Faults


def test_a_fault_is_used_up() -> None:
    faults = Faults([Fault(kind="drop_reply", where="/exchange", times=2)])
    assert faults.take("drop_reply", "/info") is None
    assert faults.take("delay", "/exchange") is None
    assert [faults.take("drop_reply", "/exchange") is not None for _ in range(3)] == [True, True, False]


def test_a_fault_without_a_number_lasts_until_it_is_cleared() -> None:
    faults = Faults([Fault(kind="status", times=None, status=502)])
    assert all(faults.take("status", "/info") for _ in range(100))
    faults.skew_ms = 5
    faults.clear()
    assert faults.take("status", "/info") is None
    assert faults.skew_ms == 0
