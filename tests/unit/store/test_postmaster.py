"""Reading a server's claim on its data: alive, dead, or somebody else by now."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from strandloom.basics.errors import CannotStart
from strandloom.store import postmaster
from strandloom.store.postmaster import Postmaster
from strandloom.store.toolbox import loudest


def claimed(cluster: Path, pid: int, status: str = "ready") -> Postmaster:
    (cluster / "postmaster.pid").write_text(
        f"{pid}\n{cluster}\n1700000000\n5432\n{cluster}\n\n1 2\n{status}\n"
    )
    return Postmaster(cluster)


def test_no_claim_is_no_server(tmp_path: Path) -> None:
    assert Postmaster(tmp_path).pid() is None
    assert not Postmaster(tmp_path).is_running()


def test_another_program_with_the_number_is_no_server_and_its_claim_is_forgotten(tmp_path: Path) -> None:
    other = claimed(tmp_path, os.getpid())
    assert not other.is_running()
    other.forget_stale()
    assert other.pid() is None


def test_a_corpse_is_no_server(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    corpse = claimed(tmp_path, child.pid)
    assert not corpse.is_running()
    child.wait()


def test_a_free_number_keeps_its_claim_for_postgres_to_judge(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    gone = claimed(tmp_path, child.pid)
    gone.forget_stale()
    assert gone.pid() == child.pid


def test_a_server_that_dies_while_it_starts_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="did not become ready"):
        claimed(tmp_path, os.getpid(), status="starting").wait_ready(60)


def test_the_first_loud_line_names_the_cause() -> None:
    said = "waiting...\n2026 [1] FATAL:  could not write: No space left on device\npg_ctl: could not start\n"
    assert loudest(said) == "could not write: No space left on device"
    assert loudest("one\ntwo\n\n") == "two"
    assert loudest("") == "it said nothing"


@pytest.mark.skipif(not Path("/bin/ps").exists(), reason="no ps on this machine")
def test_where_the_kernel_shows_no_files_ps_tells_the_same() -> None:
    by_ps, by_kernel = postmaster._named_by_ps(os.getpid()), postmaster._named_by_kernel(os.getpid())
    assert by_kernel is None or by_ps[0] == by_kernel[0]
    assert by_ps[1]
