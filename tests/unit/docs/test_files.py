"""Every file of the product opens with one plain sentence."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
FILES = sorted((PROJECT / "src").rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PROJECT / "src")))
def test_a_file_opens_with_a_sentence(file: Path) -> None:
    said = ast.get_docstring(ast.parse(file.read_text()))
    assert said, "the file needs a docstring that says what it is"
    first = said.splitlines()[0]
    assert first.rstrip().endswith((".", ":", "?")) or len(said.splitlines()) > 1, first
