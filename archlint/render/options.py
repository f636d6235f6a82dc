"""How to render, as opposed to what."""

from __future__ import annotations

import msgspec

from archlint.model.finding import Severity

RULE_PAGES = "https://github.com/archlint/archlint/blob/main/docs/rules/"
"""Where the documentation of the rules lies, one page per rule id."""


class RenderOptions(msgspec.Struct, frozen=True, kw_only=True):
    """``width`` 0 means unlimited (no terminal); ``colour`` also turns links on.

    ``quiet`` keeps only what fails the run. ``prefix`` is the scanned folder relative to the repo's
    root (empty or with a final ``/``), for hosts that resolve paths from there.
    """

    width: int = 0
    colour: bool = False
    quiet: bool = False
    statistics: bool = False
    fail_on: Severity = Severity.ERROR
    prefix: str = ""
    title: str = ""


def rule_page(rule: str) -> str:
    """The address of a rule's page."""
    return f"{RULE_PAGES}{rule}.md"
