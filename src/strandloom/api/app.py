"""/healthz, /readyz and /metrics: three questions that a program may ask of a process."""

from collections.abc import Awaitable, Callable, Sequence

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from strandloom import __version__
from strandloom.api.figures import Figures
from strandloom.basics.errors import Retryable
from strandloom.service.timings import Timings
from strandloom.store.database import Database

Answer = Callable[[Request], Awaitable[Response]]


def application(database: Database, roles: Sequence[str], timings: Timings, figures: Figures) -> Starlette:
    """The three pages."""
    return Starlette(
        routes=[
            Route("/healthz", _healthz),
            Route("/readyz", _readyz(database, roles)),
            Route("/metrics", _metrics(timings, figures)),
        ]
    )


async def _healthz(request: Request) -> Response:
    """Whoever answers is alive."""
    return JSONResponse({"alive": True, "version": __version__})


def _readyz(database: Database, roles: Sequence[str]) -> Answer:
    """Ready: the database answers, and somebody leads each of our roles."""

    async def answer(request: Request) -> Response:
        try:
            led = {row["role"] for row in await database.fetch("api.ready") if row["in_force"]}
        except Retryable as error:
            return JSONResponse({"ready": False, "why": str(error)}, status_code=503)
        waiting = [role for role in roles if role not in led]
        told = {"ready": not waiting, "roles": list(roles), "led_by_nobody": waiting}
        return JSONResponse(told, status_code=503 if waiting else 200)

    return answer


def _metrics(timings: Timings, figures: Figures) -> Answer:
    """Both registries as Prometheus reads them; without a database only what this process knows itself."""

    async def answer(request: Request) -> Response:
        text = generate_latest(timings.registry)
        try:
            await figures.read()
            text += generate_latest(figures.registry)
        except Retryable:
            text += b"# the database does not answer\n"
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return answer
