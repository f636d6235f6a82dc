"""The expectation reader itself: it must be able to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.markers import Want, unmet, wants


def test_reads_inline_and_listed(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('f(); // want: blocking-call "x \\"y\\"" other-rule "z"\n')
    (tmp_path / "want.txt").write_text('# note\npackage.json:3 unused-dependency "left-pad"\n')
    assert wants(tmp_path) == (
        Want("a.js", 1, "blocking-call", 'x "y"'),
        Want("a.js", 1, "other-rule", "z"),
        Want("package.json", 3, "unused-dependency", "left-pad"),
    )


def test_a_broken_marker_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("f(); // want: blocking-call\n")
    with pytest.raises(ValueError, match="unreadable want"):
        wants(tmp_path)


def test_missing_and_unexpected_are_named() -> None:
    expected = (Want("a.js", 1, "r", "x"),)
    assert unmet(expected, [("a.js", 1, "r", "xyz")]) == []
    assert len(unmet(expected, [("a.js", 2, "r", "xyz")])) == 2
    assert len(unmet(expected, [("a.js", 1, "r", "xyz"), ("a.js", 1, "r", "xyz")])) == 1
