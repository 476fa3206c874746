"""PostgREST before a database, as Supabase runs it: a signed service key, paths below /rest/v1."""

import base64
import hashlib
import hmac
import json
import subprocess
import time
from pathlib import Path

import httpx

_SECRET = "a secret of the tests, thirty-two bytes or more"  # noqa: S105 - guards nothing
_PREFIX = "/rest/v1"


class Postgrest:
    """One running PostgREST, reachable over a socket in `folder`."""

    def __init__(self, program: Path, *, database_url: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._socket = folder / "http"
        config = folder / "postgrest.conf"
        config.write_text(
            "\n".join(
                f'{name} = "{value}"'
                for name, value in {
                    "db-uri": database_url,
                    "db-schemas": "public",
                    "db-anon-role": "anon",
                    "db-pool": "4",
                    "jwt-secret": _SECRET,
                    "server-unix-socket": self._socket,
                    "log-level": "crit",
                }.items()
            )
        )
        self._log = (folder / "log").open("w")
        self._process = subprocess.Popen([program, config], stdout=self._log, stderr=self._log)  # noqa: S603
        self._wait()

    @property
    def url(self) -> str:
        """What a client is told; `client` knows the way."""
        return "http://postgrest.test"

    def client(self) -> httpx.AsyncClient:
        """An HTTP client whose requests end here."""
        return httpx.AsyncClient(transport=_Unprefixed(uds=str(self._socket)), timeout=30)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._log.close()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(self._socket))) as client:
            while time.monotonic() < deadline and self._process.poll() is None:
                try:
                    if client.get(self.url, headers=_authorized()).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.05)
        raise RuntimeError(f"PostgREST did not start: {Path(self._log.name).read_text()}")


class _Unprefixed(httpx.AsyncHTTPTransport):
    """Supabase's gateway strips the prefix before PostgREST sees the path."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().removeprefix(_PREFIX)
        request.url = request.url.copy_with(raw_path=path.encode())
        return await super().handle_async_request(request)


def service_key() -> str:
    """A token for the role service_role."""
    return _token("service_role")


def anon_key() -> str:
    """A token that every visitor of a web page may have."""
    return _token("anon")


def _token(role: str) -> str:
    head, claims = _part({"alg": "HS256", "typ": "JWT"}), _part({"role": role})
    signed = hmac.digest(_SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256)
    return f"{head}.{claims}.{_base64(signed)}"


def _authorized() -> dict[str, str]:
    return {"Authorization": f"Bearer {service_key()}"}


def _part(value: object) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
