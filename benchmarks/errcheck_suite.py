"""errcheck's own test data, run through unchecked-error and blank-error: the share we get right.

    python benchmarks/errcheck_suite.py CHECKOUT

CHECKOUT is a checkout of errcheck. Expectations are its ``// want`` and ``// UNCHECKED`` comments,
which are taken out before the run, since a comment beside a blank error is a reason to us.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from archlint.model.finding import Confidence
from archlint.session import Options, check

_WANT = re.compile(r'//\s*(?:want "|UNCHECKED|BLANK).*$')
SUITES = {
    "errcheck/testdata/src/a": ("unchecked-error",),
    "errcheck/testdata/src/blank": ("unchecked-error", "blank-error"),
    "testdata": ("unchecked-error",),
}


def main() -> None:
    for suite, rules in SUITES.items():
        run(Path(sys.argv[1]) / suite, suite, rules)


def _production(line: str) -> str:
    """A line without its expectation, and without what would make its file a test's."""
    line = _WANT.sub("", line).replace("tt *testing.T", "")
    return "" if line.strip() == '"testing"' else line


def run(source: Path, suite: str, rules: tuple[str, ...]) -> None:
    wanted: set[tuple[str, int]] = set()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "go.mod").write_text("module example.com/suite\n\ngo 1.24\n")
        for file in sorted(source.glob("*.go")):
            name = file.name.replace("_test.go", "_tested.go")
            lines = file.read_text().splitlines()
            for number, line in enumerate(lines, 1):
                found = _WANT.search(line)
                if found and ("BLANK" not in found[0] or "blank-error" in rules):
                    wanted.add((name, number))
            (folder / name).write_text("\n".join(_production(line) for line in lines))
        options = Options(select=rules, min_confidence=Confidence.LOW, cache=False, jobs=1)
        found = {(f.location.path, f.location.line) for f in check(folder, options).findings}
    share = len(wanted & found) / len(wanted) if wanted else 1.0
    print(f"{suite}: wanted {len(wanted)}, right {len(wanted & found)} ({share:.0%})")
    for path, line in sorted(wanted - found):
        print(f"  missed {path}:{line}")
    for path, line in sorted(found - wanted):
        print(f"  extra  {path}:{line}")


if __name__ == "__main__":
    main()
