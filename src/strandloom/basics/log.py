"""The log: one short event name and its fields per line, for people on a terminal and as JSON elsewhere.

Use it as `from loguru import logger` and `logger.info("heartbeat_posted", minute=minute, symbols=5)`.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal, TextIO

from loguru import logger

MASK = "***"
_secret_name = re.compile(r"secret|password|passwd|token|api_?key|private_?key|authorization", re.IGNORECASE)
_url_password = re.compile(r"(\w+://[^\s:/@]*:)[^\s@]+(@)")
_hidden: list[str] = []  # longest first, so that a part never spoils the whole
_correlation: ContextVar[str | None] = ContextVar("correlation", default=None)
_QUIET = (
    "asyncio",
    "httpcore",
    "httpcore2",
    "httpx",
    "httpx2",
    "hpack",
    "websockets",
    "matplotlib",
    "apscheduler",
    "openai",
    "uvicorn",
)
_COLOURS = {"DEBUG": "2", "INFO": "36", "WARNING": "33", "ERROR": "31", "CRITICAL": "1;31"}


def start(
    level: str = "INFO", shape: Literal["auto", "human", "json"] = "auto", stream: TextIO | None = None
) -> None:
    """Send every line of this process, also of libraries, to `stream` (standard error)."""
    out = stream or sys.stderr
    human = shape == "human" or (shape == "auto" and out.isatty())
    line = (_coloured if out.isatty() else _plain) if human else _as_json
    logger.remove()
    logger.add(_sink(out, line), level=level, format=_bare, diagnose=False, backtrace=False, catch=True)
    logging.basicConfig(handlers=[_Routed()], level=level, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def hide(value: str) -> None:
    """From now on this text appears in no line."""
    if len(value) >= 4:  # anything shorter would mask half the log and protects nothing
        _hidden.extend({value, json.dumps(value)[1:-1]} - set(_hidden))
        _hidden.sort(key=len, reverse=True)


@contextmanager
def correlated(lifecycle: object) -> Iterator[None]:
    """Every line written inside carries this id: the decision chain that is being worked on."""
    token = _correlation.set(str(lifecycle))
    try:
        yield
    finally:
        _correlation.reset(token)


def masked(text: str) -> str:
    """The text without any secret that is known or looks like one."""
    for value in _hidden:
        text = text.replace(value, MASK)
    return _url_password.sub(rf"\1{MASK}\2", text)


class _Routed(logging.Handler):
    """Hands the standard library's records to ours."""

    def emit(self, record: logging.LogRecord) -> None:
        known = record.levelname in _COLOURS
        bound = logger.bind(logger=record.name).opt(exception=record.exc_info)
        bound.log(record.levelname if known else record.levelno, record.getMessage())


def _bare(_: Mapping[str, Any]) -> str:
    return ""  # the sink builds its line from the record itself


def _sink(out: TextIO, line: Callable[[Mapping[str, Any]], str]) -> Callable[[Any], None]:
    def write(message: Any) -> None:
        out.write(masked(line(message.record)) + "\n")
        out.flush()

    return write


def _fields(record: Mapping[str, Any]) -> dict[str, object]:
    fields = {"lifecycle": _correlation.get()} if _correlation.get() else {}
    return fields | {k: MASK if _secret_name.search(k) else v for k, v in record["extra"].items()}


def _as_json(record: Mapping[str, Any]) -> str:
    line: dict[str, object] = {
        "time": record["time"].isoformat(timespec="milliseconds"),
        "level": record["level"].name.lower(),
        "event": record["message"],
        "from": f"{record['name']}:{record['line']}",
    }
    line |= {f"{name}_" if name in line else name: value for name, value in _fields(record).items()}
    if record["exception"]:
        line["traceback"] = _story(record)
    return json.dumps(line, default=str, ensure_ascii=False)


def _plain(record: Mapping[str, Any]) -> str:
    fields = "".join(f"  {name}={_short(value)}" for name, value in _fields(record).items())
    head = f"{record['time']:%H:%M:%S} {record['level'].name:<7} {record['message']}"
    return head + fields + (f"\n{_story(record).rstrip()}" if record["exception"] else "")


def _coloured(record: Mapping[str, Any]) -> str:
    level = record["level"].name
    return _plain(record).replace(level, f"\x1b[{_COLOURS.get(level, '0')}m{level}\x1b[0m", 1)


def _short(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or re.search(r"\s", text) else text


def _story(record: Mapping[str, Any]) -> str:
    kind, value, trace = record["exception"]
    return "".join(traceback.format_exception(kind, value, trace))


def traceback_to(stream: TextIO, error: BaseException) -> None:
    """Write an exception's traceback without any secret."""
    stream.write(masked("".join(traceback.format_exception(error))))
