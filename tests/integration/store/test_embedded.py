"""The embedded server: made once, shared, stopped by the last, and back after any kill."""

import os
import shutil
import signal
import stat
import subprocess
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from strandloom.basics.errors import CannotStart
from strandloom.store.postmaster import Postmaster
from tests.servers import quick, user

MOUNT = shutil.which("mount") or "mount"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")


async def _asked(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def _told(url: str, sql: str) -> None:
    await _asked(url, sql)


def _running(home: Path) -> bool:
    return Postmaster(home / "postgres/cluster").is_running()


async def test_a_second_process_attaches_and_the_last_one_stops_the_server(state_dir: Path) -> None:
    first, second = quick.server(state_dir), user.started(state_dir)
    assert user.address(second) == (first.start() or first.url())
    first.stop()
    assert _running(state_dir)
    second.communicate()
    assert not _running(state_dir)


async def test_many_starts_at_once_make_one_server(state_dir: Path) -> None:
    servers = [quick.server(state_dir) for _ in range(5)]
    threads = [threading.Thread(target=server.start) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({await _asked(server.url(), "select pg_postmaster_start_time()") for server in servers}) == 1
    for server in servers:
        assert _running(state_dir)
        server.stop()
    assert not _running(state_dir)


async def test_the_server_of_a_killed_process_is_adopted(state_dir: Path) -> None:
    owner = user.started(state_dir)
    await _told(user.address(owner), "create table kept as select 7 as n")
    owner.kill()
    owner.communicate()
    heir = quick.server(state_dir)
    heir.start()
    assert await _asked(heir.url(), "select n from kept") == 7
    heir.stop()
    assert not _running(state_dir)


def test_a_forked_child_that_ends_stops_nothing(state_dir: Path) -> None:
    server = quick.server(state_dir)
    server.start()
    child = os.fork()
    if child == 0:
        server.stop()
        os._exit(0)
    os.waitpid(child, 0)
    assert _running(state_dir)
    server.stop()
    assert not _running(state_dir)


async def test_a_killed_server_recovers_what_was_committed(state_dir: Path) -> None:
    server = quick.server(state_dir)
    server.start()
    await _told(server.url(), "create table kept as select 7 as n")
    pid = Postmaster(server.cluster).pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    server.stop()
    server.start()
    assert await _asked(server.url(), "select n from kept") == 7
    server.stop()


async def test_the_number_of_a_dead_server_may_belong_to_another_program(state_dir: Path) -> None:
    server = quick.server(state_dir)
    server.start()
    claim = server.cluster / "postmaster.pid"
    text = claim.read_text()
    server.stop()
    claim.write_text(text.replace(text.splitlines()[0], str(os.getpid()), 1))
    server.start()
    assert await _asked(server.url(), "select 1") == 1
    server.stop()


async def test_a_making_that_was_cut_short_is_begun_again(state_dir: Path) -> None:
    server = quick.server(state_dir)
    rest = server.folder / "cluster.making/base"
    server.start()
    server.stop()
    server.cluster.rename(server.folder / "cluster.making")
    (rest.parent / "PG_VERSION").unlink()
    server.start()
    assert await _asked(server.url(), "select 1") == 1
    assert not rest.exists()
    server.stop()


def _socket_folder(url: str) -> Path | None:
    """Where the server had its socket, if that folder is still there."""
    folder = Path(parse_qs(urlsplit(url).query)["host"][0])
    return folder if folder.is_dir() else None


@pytest.mark.parametrize("name", ["with space, comma and 'quote'", "deep/" * 20])
async def test_any_folder_will_do(state_dir: Path, name: str) -> None:
    server = quick.server(state_dir / name)
    server.start()
    assert await _asked(server.url(), "select 1") == 1
    url = server.url()
    server.stop()
    assert _socket_folder(url) in (server.folder, None)


@as_root
async def test_programs_that_the_account_cannot_reach_are_copied(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("strandloom.store.programs._runs", lambda programs, account: False)
    server = quick.server(state_dir)
    server.start()
    assert state_dir in server.program("postgres").parents
    assert await _asked(server.url(), "select 1") == 1
    server.stop()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(state_dir: Path) -> None:
    state_dir.chmod(0o555)
    with pytest.raises(CannotStart, match=r"cannot be used: Permission denied .*DATA_DIR"):
        quick.server(state_dir / "data").start()


@as_root
def test_a_strict_umask_does_not_lock_the_account_out_of_what_we_make(state_dir: Path) -> None:
    before = os.umask(0o077)
    try:
        server = quick.server(state_dir / "new/data")
        server.start()
        server.stop()
    finally:
        os.umask(before)
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700


@as_root
def test_a_closed_parent_folder_is_named_and_stays_closed(state_dir: Path) -> None:
    closed = state_dir / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(CannotStart, match=r"may not enter .*closed/data; set DATA_DIR"):
        quick.server(closed / "data").start()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_nobody_else_may_enter_the_servers_folder(state_dir: Path) -> None:
    server = quick.server(state_dir)
    server.start()
    modes = {stat.S_IMODE(place.stat().st_mode) for place in (server.folder, server.cluster)}
    server.stop()
    assert modes == {0o700}


def test_data_of_another_version_is_left_alone(state_dir: Path) -> None:
    server = quick.server(state_dir)
    server.start()
    server.stop()
    (server.cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(CannotStart, match="made by PostgreSQL 16, this program runs 18"):
        server.start()


def test_a_folder_that_cannot_be_written_is_named(small_disk: Path) -> None:
    subprocess.run([MOUNT, "-o", "remount,ro", small_disk], check=True)  # noqa: S603 - fixed command
    with pytest.raises(CannotStart, match=r"cannot be used: Read-only file system .*DATA_DIR"):
        quick.server(small_disk / "data").start()


def test_a_disk_too_small_to_begin_is_named_and_leaves_nothing_half_made(small_disk: Path) -> None:
    (small_disk / "filling").write_bytes(b"\0" * 80_000_000)
    with pytest.raises(CannotStart, match="No space left on device"):
        quick.server(small_disk / "data").start()
    (small_disk / "filling").unlink()
    server = quick.server(small_disk / "data")
    server.start()
    server.stop()


def test_a_file_in_place_of_the_folder_is_named(state_dir: Path) -> None:
    (state_dir / "data").write_text("")
    with pytest.raises(CannotStart, match=r"the database folder .*/data cannot be used"):
        quick.server(state_dir / "data").start()
