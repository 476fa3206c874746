"""The documents are complete: every setting, command and kind is explained, every link leads somewhere."""

import importlib
import pkgutil
import re
import tomllib
from pathlib import Path

import pytest

from strandloom import __version__, kinds
from strandloom.cli import manual
from strandloom.cli.run import LOOKS
from strandloom.kinds.registry import all_kinds
from strandloom.settings import Settings
from strandloom.settings.load import NOT_FIELDS

PROJECT = Path(__file__).resolve().parents[3]
PAGES = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
_SETTING = re.compile(r"^# (?P<name>[A-Z][A-Z0-9_]+)=(?P<value>.*)$")
_CALL = re.compile(r"(?:`|^ {4})(?:strandloom|scripts/run) ([a-z][a-z-]*)", re.MULTILINE)
_NO_DATA = {
    "run": "a service; its log is JSON",
    "db shell": "a prompt for people",
    "db url": "one word, good for a program as it is",
}
_NOT_FOR_PEOPLE = {"STRANDLOOM_COMMAND"}  # scripts/run tells us its own name


def example() -> dict[str, str]:
    """Names and values in `.env.example`; the line before a block of names must explain it."""
    found: dict[str, str] = {}
    before = ""
    for line in (PROJECT / ".env.example").read_text().splitlines():
        setting = _SETTING.match(line)
        if setting:
            assert before.startswith("# "), f".env.example does not explain {setting['name']}"
            found[setting["name"]] = setting["value"]
        before = line
    return found


def test_every_setting_is_explained_and_nothing_else() -> None:
    expected = {name.upper() for name in Settings.model_fields} | set(NOT_FIELDS) - _NOT_FOR_PEOPLE
    assert example().keys() == expected


def test_every_setting_shows_its_true_default() -> None:
    for name, field in Settings.model_fields.items():
        shown = example()[name.upper()]
        if field.default is None or field.default_factory:  # then it shows the shape of a value, or nothing
            continue
        default = ",".join(field.default) if isinstance(field.default, tuple) else str(field.default)
        assert shown.lower() == default.lower(), f".env.example: {name.upper()} has the default {default}"


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_page_of_commands_is_up_to_date() -> None:
    assert (PROJECT / "docs/commands.md").read_text() == manual.text(), "run scripts/docs"


def test_every_command_explains_itself_in_a_sentence() -> None:
    for path, command in manual.commands():
        first = (command.help or "").strip().splitlines()[:1]
        assert first and first[0].endswith((".", ":")), f"`strandloom {path}` needs a sentence of help"


def test_every_command_that_prints_data_prints_json_too() -> None:
    without = {
        path
        for path, command in manual.commands()
        if not any("--json" in part.opts for part in command.params) and path not in _NO_DATA
    }
    assert without == set(), "give these `as_json: show.AsJson = False`, or say in _NO_DATA why not"


def test_every_command_that_the_first_screen_names_exists() -> None:
    known = {path for path, _ in manual.commands()} | {"--help"}
    assert {command for command, _ in LOOKS.values()} <= known


def test_every_kind_has_a_line_in_the_glossary() -> None:
    for found in pkgutil.iter_modules(kinds.__path__):
        importlib.import_module(f"{kinds.__name__}.{found.name}")
    glossary = (PROJECT / "GLOSSARY.md").read_text()
    missing = [
        kind.name
        for kind in all_kinds()
        if kind.body.__module__.startswith(kinds.__name__) and f"- **{kind.name}** –" not in glossary
    ]
    assert missing == [], "each kind needs a line `- **kind** – …` in GLOSSARY.md"


@pytest.mark.parametrize("page", sorted((PROJECT / "docs").glob("*.md")), ids=lambda page: page.stem)
def test_the_readme_leads_to_every_page(page: Path) -> None:
    assert f"(docs/{page.name})" in (PROJECT / "README.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    known = {word for path, _ in manual.commands() for word in (path, path.split()[0])}
    for called in _CALL.findall(page.read_text()):
        assert called in known, f"{page.name} names `strandloom {called}`"


@pytest.mark.parametrize(
    "page", sorted((PROJECT / "docs/decisions").glob("[a-z]*.md")), ids=lambda page: page.stem
)
def test_every_decision_says_what_why_instead_of_what_and_how_to_undo_it(page: Path) -> None:
    text = page.read_text()
    for part in ("**Choice", "**Why", "**Instead of", "**Undo"):
        assert part in text, f"{page.name} lacks {part}"


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    assert project["project"]["version"] == __version__
    assert f"## {__version__} " in (PROJECT / "CHANGELOG.md").read_text()
