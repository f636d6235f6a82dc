"""Documents that are written from the code, and what documents promise of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from archlint.config.toml import parse_toml
from archlint.render import FORMATS
from archlint.session import rule_infos
from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from write_rule_pages import page

PAGES = ROOT / "docs" / "rules"


@pytest.mark.parametrize("info", rule_infos(), ids=lambda info: info.id)
def test_each_rule_has_its_page(info) -> None:  # type: ignore[no-untyped-def]
    file = PAGES / f"{info.id}.md"
    assert file.is_file(), "run scripts/write_rule_pages.py"
    assert file.read_text() == page(info), "run scripts/write_rule_pages.py"


def test_no_page_without_a_rule() -> None:
    assert {file.stem for file in PAGES.glob("*.md")} == {info.id for info in rule_infos()}


def test_every_format_is_documented() -> None:
    text = (ROOT / "docs/ci.md").read_text()
    assert all(f"`{form}`" in text for form in FORMATS)


def _samples(file: Path) -> list[str]:
    """The indented blocks of a Markdown file that look like TOML."""
    blocks = re.findall(r"(?:^(?:    .*)?\n)+", file.read_text(), re.MULTILINE)
    texts = ["\n".join(line[4:] for line in block.split("\n")) for block in blocks]
    return [text for text in texts if re.search(r"^\[|^\w+ = ", text, re.MULTILINE)]


@pytest.mark.parametrize("text", _samples(ROOT / "docs/configuration.md"))
def test_samples_of_the_configuration_guide_are_toml(text: str) -> None:
    parse_toml("sample", text.encode())
