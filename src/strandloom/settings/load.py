"""Lays the sources of settings over each other and says of every value where it came from."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource, SettingsError

from strandloom.basics import log, paths
from strandloom.basics.errors import CannotStart
from strandloom.settings.fields import BY_ENVIRONMENT, Settings

NAMES = tuple(name.upper() for name in Settings.model_fields)
OWN_PREFIX = "STRANDLOOM_"
NOT_FIELDS = ("STRANDLOOM_DOTENV", "STRANDLOOM_COMMAND", "STRANDLOOM_PYTHON", "STRANDLOOM_WITHOUT_UV")
"""They steer the start itself, before there are settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The settings of this process, the source of each, and what looks like a slip of the pen."""

    settings: Settings
    sources: Mapping[str, str]
    doubts: tuple[str, ...]


def load(given: Mapping[str, str] | None = None) -> Settings:
    """The settings in force; `given` comes from the command line and goes before everything."""
    return read(given).settings


def read(given: Mapping[str, str] | None = None) -> InForce:
    """The settings in force with their sources; raises CannotStart with one sentence for a bad one."""
    given = {name.upper(): value for name, value in (given or {}).items()}
    _refuse_unknown(given, "the command line")
    _refuse_unknown((name for name in os.environ if name.startswith(OWN_PREFIX)), "the environment")
    values, sources = _layered(given)
    settings = _validated(values, sources)
    for value in secrets(settings):
        log.hide(value)
    return InForce(settings=settings, sources=sources, doubts=tuple(_doubts()))


def secrets(settings: Settings) -> list[str]:
    """Every secret in force; of an address only its password, so that a log may say where it points."""
    values = (getattr(settings, name) for name in Settings.model_fields)
    given = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    return [secret for value in given for secret in _secret_parts(value)]


def _secret_parts(value: str) -> Iterable[str]:
    if "://" not in value:
        return [value]
    address = urlsplit(value)
    password = address.password or ""
    hidden = (text for name, texts in parse_qs(address.query).items() if "password" in name for text in texts)
    return [text for text in (password, unquote(password), *hidden) if text]


def _layered(given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    environment = _environment_values()
    base = dotenv()
    files = [(base, _file_values(base))] if base else []
    name = _first("strandloom_env", _lowered(given), environment, *(values for _, values in files)) or "dev"
    special = base and base.with_name(f"{base.name}.{name}")
    if special and special.is_file():
        files.append((special, _file_values(special)))
    layers: list[tuple[str, Mapping[str, Any]]] = [
        (f"default for {name}", BY_ENVIRONMENT.get(name, {})),
        *((str(path), values) for path, values in files),
        ("environment", environment),
        ("command line", _lowered(given)),
    ]
    values = {field: value for _, layer in layers for field, value in layer.items()}
    sources = dict.fromkeys(Settings.model_fields, "default")
    sources |= {field: source for source, layer in layers for field in layer}
    return values, sources


def _validated(values: Mapping[str, Any], sources: Mapping[str, str]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0])
        raise CannotStart(
            f"the setting {field.upper()} ({_said(field, values)}from {sources[field]}) is not right: "
            f"{first['msg'][:1].lower()}{first['msg'][1:]}; .env.example explains it"
        ) from None


def _said(field: str, values: Mapping[str, Any]) -> str:
    """The value as it was given, unless it is a secret."""
    secret = "SecretStr" in str(Settings.model_fields[field].annotation)
    return "" if secret else f"{str(values.get(field))[:80]!r} "


def dotenv() -> Path | None:
    """The file of settings: STRANDLOOM_DOTENV if set, else in the current folder, else in the project."""
    told = os.environ.get("STRANDLOOM_DOTENV")
    if told == "off":
        return None
    if told:
        if not Path(told).is_file():
            raise CannotStart(f"STRANDLOOM_DOTENV names {told}, which is not a file; give a file, or `off`")
        return Path(told)
    here = (Path.cwd() / ".env", paths.PROJECT / ".env")
    return next((path for path in here if path.is_file()), None)


def _environment_values() -> dict[str, Any]:
    return _from_source(EnvSettingsSource(Settings), "the environment")


def _file_values(path: Path) -> dict[str, Any]:
    try:
        source = DotEnvSettingsSource(Settings, env_file=path, env_file_encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"the settings in {path} cannot be read: {error}") from None
    _refuse_unknown((name.upper() for name in source.env_vars), str(path))
    return _from_source(source, str(path))


def _from_source(source: EnvSettingsSource, where: str) -> dict[str, Any]:
    try:
        found = source()
    except SettingsError as error:
        raise CannotStart(f"a setting from {where} is not right: {error}") from None
    return {name: value for name, value in found.items() if name in Settings.model_fields and value != ""}


def _refuse_unknown(names: Iterable[str], where: str) -> None:
    for name in names:
        if name not in NAMES and name not in NOT_FIELDS:
            raise CannotStart(f"{where} sets {name}, which Strandloom does not know; {_guess(name)}")


def _guess(name: str) -> str:
    close = get_close_matches(name, NAMES, n=1, cutoff=0.7)
    return f"did you mean {close[0]}?" if close else ".env.example lists every setting"


def _doubts() -> Iterable[str]:
    """Variables that are nearly a setting: another program's, or a slip that would go unnoticed."""
    for name in os.environ:
        close = get_close_matches(name, NAMES, n=1, cutoff=0.88)
        if close and name.upper() not in NAMES and name not in NOT_FIELDS:
            yield f"the environment sets {name}, which is not a setting; did you mean {close[0]}?"


def _lowered(given: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in given.items()}


def _first(field: str, *layers: Mapping[str, Any]) -> str | None:
    return next((str(layer[field]) for layer in layers if layer.get(field)), None)
