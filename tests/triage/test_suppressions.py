"""Suppression comments, through the real session."""

from __future__ import annotations

from pathlib import Path

import pytest

import archlint
from archlint.model.finding import Finding
from archlint.triage.suppressions import Suppression, of_document

HEAD = 'package main\n\nimport "os"\n\n'


def check(root: Path, body: str, config: str = "") -> list[Finding]:
    (root / "go.mod").write_text("module example.com/app\n\ngo 1.22\n")
    (root / "main.go").write_text(HEAD + body)
    (root / "archlint.toml").write_text(config)
    found = archlint.check(root, cache=False).findings
    return [f for f in found if f.rule in RULES]


RULES = {"unchecked-error", "unused-suppression", "invalid-suppression"}
DROPPED = '\tos.Mkdir("x", 0o700)'


def body(*lines: str) -> str:
    return "func main() {\n" + "\n".join(lines) + "\n}\n"


@pytest.mark.parametrize(
    "text",
    [
        body(f"{DROPPED} // archlint-ignore unchecked-error: may exist"),
        body("\t// archlint-ignore unchecked-error: may exist", DROPPED),
        body("\t// archlint-ignore-next-line unchecked-error: may exist", DROPPED),
        "// archlint-ignore-file unchecked-error: a script\n" + body(DROPPED),
        "// archlint-ignore-block unchecked-error: a script\n" + body(DROPPED),
        body(
            "\t// archlint-ignore-block unchecked-error: may exist",
            '\tprintln("x")',
            DROPPED,
            "\t// archlint-ignore-end",
        ),
        body("\t// archlint-ignore blocking-call, unchecked-error: both", DROPPED),
        body("\t/* archlint-ignore unchecked-error: may exist */", DROPPED),
    ],
    ids=["trailing", "above", "next", "file", "block", "region", "list", "star comment"],
)
def test_silences(tmp_path: Path, text: str) -> None:
    config = 'ignore = ["unused-suppression", "invalid-suppression"]\n'
    found = check(tmp_path, text, config)
    assert [(f.suppressed, bool(f.suppression)) for f in found] == [(True, True)]


def test_reaches_no_further(tmp_path: Path) -> None:
    text = body(f"{DROPPED} // archlint-ignore unchecked-error: may exist", DROPPED)
    assert [f.suppressed for f in check(tmp_path, text)] == [True, False]


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("archlint-ignore unchecked-error", "gives no reason"),
        ("archlint-ignore unchecked-error:  ", "gives no reason"),
        ("archlint-ignore", "names no rule"),
        ("archlint-ignore : because", "names no rule"),
        ("archlint-ignore-bloc unchecked-error: x", "archlint-ignore RULE: reason"),
        ("archlint-ignore-block unchecked-error: x", "has no end"),
        ("archlint-ignore uncheked-error: typo", "No rule is called `uncheked-error`"),
    ],
)
def test_what_cannot_be_applied_is_reported(tmp_path: Path, comment: str, says: str) -> None:
    found = check(tmp_path, body(f"{DROPPED} // {comment}"))
    assert [f.rule for f in found] == ["invalid-suppression", "unchecked-error"] or [
        f.rule for f in found
    ] == ["unchecked-error", "invalid-suppression"]
    assert not any(f.suppressed for f in found)
    assert says in next(f.message for f in found if f.rule == "invalid-suppression")


def test_unused_ones_are_reported(tmp_path: Path) -> None:
    found = check(tmp_path, body("\t// archlint-ignore unchecked-error: gone", '\tprintln("x")'))
    assert [(f.rule, f.location.line) for f in found] == [("unused-suppression", 6)]


def test_a_rule_that_did_not_run_leaves_no_suppression_unused(tmp_path: Path) -> None:
    text = body("\t// archlint-ignore floating-promise: other", '\tprintln("x")')
    check(tmp_path, text)
    found = archlint.check(tmp_path, select=("unchecked-error", "unused-suppression"), cache=False)
    assert not found.findings


def test_manifests_have_comments_too() -> None:
    text = "FROM node:20\n# archlint-ignore fat-image: the build needs gcc\nFROM node:22\n"
    (found,) = of_document("Dockerfile", text)
    assert isinstance(found, Suppression)
    assert (found.first, found.last, found.rules) == (3, 3, ("fat-image",))
    (behind,) = of_document("go.mod", "require x v1 // archlint-ignore pseudo-version: pinned\n")
    assert isinstance(behind, Suppression)
    assert behind.first == 1
