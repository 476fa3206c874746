"""A tiny OpenAI-compatible endpoint of the standard library, which says whatever a test hands it."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Turn = Callable[[BaseHTTPRequestHandler], None]
"""How one request is answered."""


@dataclass
class Endpoint:
    """What it was asked, and what it will say: the turns in order, the last one for ever."""

    turns: list[Turn]
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def next_turn(self) -> Turn:
        return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]


@contextmanager
def endpoint(*turns: Turn) -> Iterator[Endpoint]:
    """Serve on loopback until the block ends."""
    served = Endpoint(list(turns))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(served))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield served
    finally:
        served.gone.set()
        server.shutdown()
        server.server_close()
        thread.join()


def says(content: str | None, *, usage: Any = (120, 30), **message: Any) -> Turn:
    """A chat completion with these words."""
    finish = message.pop("finish_reason", "stop")
    used = {"prompt_tokens": usage[0], "completion_tokens": usage[1]} if isinstance(usage, tuple) else usage
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, **message},
            }
        ],
        "usage": used,
    }
    return raw(json.dumps(body).encode())


def writes(text: str) -> Turn:
    """A completion whose words are the JSON that was asked for."""
    return says(json.dumps({"text": text}))


def raw(body: bytes, *, status: int = 200, **headers: str) -> Turn:
    """These bytes."""

    def turn(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        sent = {"content-type": "application/json", "content-length": str(len(body))}
        for name, value in (
            sent | {name.replace("_", "-"): value for name, value in headers.items()}
        ).items():
            handler.send_header(name, value)
        handler.end_headers()
        with contextlib.suppress(OSError):
            handler.wfile.write(body)

    return turn


def refuses(status: int) -> Turn:
    """An error as sellers spell it."""
    return raw(json.dumps({"error": {"message": "no", "type": "x"}}).encode(), status=status)


def hangs(served: list[Endpoint]) -> Turn:
    """Nothing, until the test is over; the endpoint is put into the list once it is there."""

    def turn(handler: BaseHTTPRequestHandler) -> None:
        served[0].gone.wait()
        handler.close_connection = True

    return turn


def drips(served: list[Endpoint]) -> Turn:
    """Headers at once, then a byte whenever one would give up waiting for the next one."""

    def turn(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "application/json")
        handler.end_headers()
        with contextlib.suppress(OSError):
            while not served[0].gone.wait(0.02):
                handler.wfile.write(b" ")
                handler.wfile.flush()

    return turn


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """The connection closes without a word."""
    handler.close_connection = True


def _handler(served: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            served.asked.append(json.loads(self.rfile.read(length)))
            served.headers.append({name.lower(): value for name, value in self.headers.items()})
            served.next_turn()(self)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests read what was asked, not a log."""

    return Handler
