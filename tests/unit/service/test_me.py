"""Who a process is: never the same twice, and known to be dead only when that is certain."""

import os
import subprocess
import sys

from strandloom.service import me
from strandloom.service.me import Me


def test_two_lives_of_one_process_have_two_names() -> None:
    one, other = Me.now(), Me.now()
    assert one.process != other.process
    assert (one.place, one.pid, one.began) == (other.place, other.pid, other.began)


def test_we_live_and_a_process_that_ended_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    born = me.began(child.pid) or ""
    told = [("us", os.getpid(), Me.now().began), ("child", child.pid, born)]
    assert me.dead(told) == []
    child.kill()
    assert me.dead(told) in ([], ["child"])  # it may not be a zombie yet
    child.wait()
    assert me.dead(told) == ["child"]


def test_a_pid_that_was_given_again_belongs_to_somebody_else() -> None:
    assert me.dead([("before us", os.getpid(), "1")]) == ["before us"]


def test_where_nothing_is_known_of_processes_nobody_is_called_dead() -> None:
    assert me.dead([("unknown", 1, "")]) == []
