"""The log: what a line holds, and what it never shows."""

import io
import json
import logging
from typing import Any

import pytest
from loguru import logger
from pydantic import SecretStr

from strandloom.basics import log

PLANTED = "0xplanted-private-key"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def nothing_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_hidden", [])


def started(shape: Any = "json") -> io.StringIO:
    stream = io.StringIO()
    log.start("DEBUG", shape, stream)
    return stream


def only_line(stream: io.StringIO) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stream.getvalue())
    return found


def test_a_line_is_one_json_object_with_event_and_fields() -> None:
    stream = started()
    logger.info("heartbeat_posted", symbols=5)
    line = only_line(stream)
    assert (line["event"], line["level"], line["symbols"]) == ("heartbeat_posted", "info", 5)
    assert line["from"].startswith(f"{__name__}:")
    assert line["time"].count("T") == 1


def test_a_field_named_like_ours_is_kept_beside_it() -> None:
    stream = started()
    logger.bind(time="12:00").info("bar_closed")
    line = only_line(stream)
    assert line["time_"] == "12:00"
    assert line["time"] != "12:00"


def test_every_line_of_a_handler_carries_its_lifecycle() -> None:
    stream = started()
    with log.correlated("chain-1"):
        logger.info("plan_refused")
    assert only_line(stream)["lifecycle"] == "chain-1"


def test_after_the_handler_the_lifecycle_is_gone() -> None:
    stream = started()
    with log.correlated("chain-1"):
        pass
    logger.info("idle")
    assert "lifecycle" not in only_line(stream)


def test_the_standard_library_is_routed_in() -> None:
    stream = started()
    logging.getLogger("some.library").warning("pool is %d full", 90)
    line = only_line(stream)
    assert (line["event"], line["logger"], line["level"]) == ("pool is 90 full", "some.library", "warning")


def test_a_message_with_braces_passes_as_it_is() -> None:
    stream = started()
    logging.getLogger("some.library").warning("reply was {'a': 1}")
    assert only_line(stream)["event"] == "reply was {'a': 1}"


def test_people_on_a_terminal_get_a_short_line() -> None:
    terminal = Terminal()
    log.start("INFO", "auto", terminal)
    logger.info("heartbeat_posted", symbols=5, note="two words")
    assert 'heartbeat_posted  symbols=5  note="two words"' in terminal.getvalue()


def test_a_planted_key_appears_in_no_shape_of_line() -> None:
    log.hide(PLANTED)
    for shape in ("json", "human"):
        stream = started(shape)
        logger.info("signing", key=PLANTED, nested={"wallet": PLANTED}, typed=SecretStr(PLANTED))
        logger.info(f"with {PLANTED} in the text")
        logging.getLogger("library").error("sent %s", PLANTED)
        try:
            key = PLANTED
            raise ValueError(f"bad key {key}")
        except ValueError:
            logger.exception("signing_failed")
        assert PLANTED not in stream.getvalue()
        assert stream.getvalue().count(log.MASK) >= 4


def test_a_traceback_shows_the_code_but_no_local_values() -> None:
    stream = started("human")
    local_value = "seen-only-as-a-local"
    try:
        assert int("x"), local_value
    except ValueError:
        logger.exception("it_failed")
    assert "invalid literal" in stream.getvalue()
    assert local_value not in stream.getvalue()


def test_a_field_with_a_secret_name_and_a_password_in_an_url_are_masked_unasked() -> None:
    stream = started()
    logger.info("opening", api_key="abcd", url="postgresql://me:pass word@db/x")
    assert "abcd" not in stream.getvalue()
    logger.info("opening", url="postgresql://me:hush@db/x")
    assert "hush" not in stream.getvalue()


def test_a_short_secret_is_not_hidden_because_it_would_mask_the_log() -> None:
    log.hide("1")
    assert log.masked("minute 11") == "minute 11"
