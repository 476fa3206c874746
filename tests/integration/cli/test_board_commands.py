"""The commands of the board over a real database: post, trace, watch, audit."""

import asyncio
import json

import asyncpg
import pytest

from strandloom.cli import app, ending


@pytest.fixture(autouse=True)
def _database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)


class Terminal:
    """Runs commands as a shell would; the answer is the exit code, `out` and `err` what was printed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, captured: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._captured = captured
        self.out = self.err = ""

    def run(self, *args: str) -> int:
        self._monkeypatch.setattr("sys.argv", ["strandloom", *args])
        with pytest.raises(SystemExit) as stop:
            app.main()
        self.out, self.err = self._captured.readouterr()
        return int(stop.value.code or 0)

    def posted(self, *args: str) -> str:
        """The id of what is posted."""
        assert self.run("post", *args, "--json") == 0, self.err
        return str(json.loads(self.out)["id"])


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


def test_what_a_person_posts_can_be_traced_watched_and_audited(terminal: Terminal) -> None:
    halt = terminal.posted("halt", "reason=the books differ", "--symbol", "BTC")
    resume = terminal.posted("resume", "reason=looked at it", "by=me", "--parent", halt)

    assert terminal.run("trace", resume) == 0
    first, second = terminal.out.splitlines()
    assert first.startswith("halt  ") and "BTC" in first and "reason=the books differ" in first
    assert second.startswith("└─ ● resume  ") and resume in second
    assert "  reason=looked at it, rule=kill_switch  " in second  # nothing that is not set, and no symbol

    assert terminal.run("trace", halt, "--json") == 0
    told = [json.loads(line) for line in terminal.out.splitlines()]
    assert [(line["depth"], line["kind"], line["module"]) for line in told] == [
        (0, "halt", "people.command_line"),
        (1, "resume", "people.command_line"),
    ]

    assert terminal.run("watch", "--kind", "resume", "--last", "5", "--count", "1", "--json") == 0
    assert json.loads(terminal.out)["id"] == resume

    assert terminal.run("audit", "--json") == 0
    assert set(json.loads(terminal.out).values()) == {0}


def test_what_a_person_posts_has_the_time_of_the_market(terminal: Terminal) -> None:
    content = '{"feed": "simulated", "minute": "2026-01-01T00:00:00Z", "present": []}'
    terminal.posted("heartbeat", "--content", content)
    assert terminal.run("watch", "--count", "1", "--json") == 0
    beat = json.loads(terminal.out)
    halt = terminal.posted("halt", "reason=enough")

    assert terminal.run("trace", halt, "--json") == 0
    assert json.loads(terminal.out)["event_at"] == beat["event_at"]


def test_a_watch_by_tag_shows_what_is_posted_with_it(terminal: Terminal) -> None:
    terminal.posted("halt", "reason=no")
    wanted = terminal.posted("halt", "reason=yes", "--tag", "dm:halt:now")

    assert terminal.run("watch", "--tag", "dm:halt:now", "--count", "1") == 0
    assert wanted in terminal.out and "reason=yes" in terminal.out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["post", "nonsense"], "there is no kind 'nonsense'"),
        (["post", "halt", "reason"], "not 'reason'"),
        (["post", "halt"], "body.reason"),
        (["post", "halt", "--content", "[1]"], "must be a JSON object"),
        (["post", "halt", "--content", "{"], "--content is not JSON"),
        (["post", "halt", "reason=x", "--tag", "nonsense"], "'nonsense' is not a tag"),
        (["post", "halt", "reason=x", "--parent", "nobody"], "does not exist"),
        (["post", "prediction", "--content", "{}"], "body."),
        (["watch", "--tag", "dm"], "'dm' is not a pattern"),
        (["watch", "--kind", "nonsense"], "there is no kind 'nonsense'"),
        (["trace", "nobody"], "there is no strand nobody"),
    ],
)
def test_wrong_input_gets_one_sentence(terminal: Terminal, args: list[str], said: str) -> None:
    assert terminal.run(*args) == ending.WRONG_INPUT
    assert said in terminal.err
    assert len(terminal.err.splitlines()) <= 2


def test_an_audit_names_what_does_not_hold(terminal: Terminal, database_url: str) -> None:
    halt = terminal.posted("halt", "reason=x")
    asyncio.run(_spoil(database_url, halt))

    assert terminal.run("audit") == ending.ANSWER_IS_NO
    for name in ("board_parents", "board_roots", "board_hops", "board_deliveries", "board_once"):
        assert f"{name}: " in terminal.out, terminal.out


_SPOIL = """
    insert into ad_strands (id, lifecycle_id, module, kind, parent_ids, hop)
    values (gen_random_uuid(), gen_random_uuid(), 'people.x', 'halt', array[gen_random_uuid()], 1),
           (gen_random_uuid(), gen_random_uuid(), 'people.x', 'halt', '{}', 3),
           (gen_random_uuid(), gen_random_uuid(), 'people.x', 'halt', array['{strand}'::uuid], 7);
    insert into ad_tombstones (id, kind, lifecycle_id, hop) values ('{strand}', 'halt', '{strand}', 0);
    insert into ad_deliveries (consumer, seq, strand_id) values ('people.x', 999999, gen_random_uuid());
"""


async def _spoil(url: str, strand: str) -> None:
    """Break every promise once, past every guard."""
    connection = await asyncpg.connect(url)
    await connection.execute(_SPOIL.replace("{strand}", strand))
    await connection.close()
