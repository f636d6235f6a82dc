"""Run archlint's Go rules over the test data of other linters and count what agrees.

    python benchmarks/go_peer_suites.py bodyclose=PATH noctx=PATH nilerr=PATH \\
        go-tools=PATH revive=PATH

Each PATH is a checkout of the linter's repository (timakin/bodyclose, sonatard/noctx,
gostaticanalysis/nilerr, dominikh/go-tools, mgechev/revive); nothing of them is kept. Its
expectations are its own comments (``// want``, ``//@ diag``, ``// MATCH``) by line. Prints, per
suite, found, missed and extra lines, and with ``--list`` each of the latter two.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archlint.model.finding import Confidence
from archlint.session import Options, check

_WANT = re.compile(r"//\s*want\b")
_DIAG = re.compile(r"//@\s*diag\(")
_MATCH = re.compile(r"//\s*MATCH\b")


@dataclass(frozen=True)
class Suite:
    """Test files of a checkout (globs), the rule they are about, how they mark a finding."""

    checkout: str
    name: str
    rule: str
    globs: tuple[str, ...]
    marker: re.Pattern[str]
    go: str = "1.20"


SUITES = (
    Suite(
        "bodyclose",
        "bodyclose",
        "unclosed-body",
        ("passes/bodyclose/testdata/src/a/*.go", "passes/bodyclose/testdata/src/handled*/*.go"),
        _WANT,
    ),
    Suite("noctx", "noctx", "missing-context", ("testdata/src/*/*.go",), _WANT),
    Suite("nilerr", "nilerr", "swallowed-error-go", ("testdata/src/a/*.go",), _WANT),
    Suite("go-tools", "SA5003", "defer-in-loop", ("staticcheck/sa5003/testdata/**/*.go",), _DIAG),
    Suite("go-tools", "SA9001", "defer-in-loop", ("staticcheck/sa9001/testdata/**/*.go",), _DIAG),
    Suite(
        "go-tools", "SA6000", "compile-in-handler", ("staticcheck/sa6000/testdata/**/*.go",), _DIAG
    ),
    Suite(
        "revive",
        "defer (loops)",
        "defer-in-loop",
        ("testdata/defer_only_loop_enabled.go",),
        _MATCH,
    ),
    Suite("revive", "deep-exit", "fatal-outside-main", ("testdata/deep_exit.go",), _MATCH),
    Suite(
        "revive",
        "unchecked-type-assertion",
        "unchecked-assertion",
        ("testdata/unchecked_type_assertion.go",),
        _MATCH,
    ),
)


def expected(file: Path, suite: Suite) -> set[int]:
    lines = file.read_text("utf-8", "replace").splitlines()
    return {number for number, line in enumerate(lines, 1) if suite.marker.search(line)}


def files(checkout: Path, suite: Suite) -> Iterator[Path]:
    for glob in suite.globs:
        for file in sorted(checkout.glob(glob)):
            if not file.name.endswith("_test.go"):
                yield file


def run(checkout: Path, suite: Suite) -> tuple[list[str], list[str], list[str]]:
    found: list[str] = []
    missed: list[str] = []
    extra: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "go.mod").write_text(f"module example.com/suite\n\ngo {suite.go}\n")
        names: dict[str, Path] = {}
        for number, file in enumerate(files(checkout, suite)):
            package = root / f"p{abs(hash(str(file.parent))) % 10**8}"
            package.mkdir(exist_ok=True)
            copy = package / f"f{number}.go"
            lines = file.read_text("utf-8", "replace").splitlines()
            bare = [suite.marker.split(line)[0] for line in lines]  # a comment may be a reason
            copy.write_text("\n".join(bare) + "\n", "utf-8")
            names[copy.relative_to(root).as_posix()] = file
        options = Options(select=(suite.rule,), min_confidence=Confidence.LOW, cache=False, jobs=1)
        hits: dict[str, set[int]] = {}
        for finding in check(root, options).findings:
            hits.setdefault(finding.location.path, set()).add(finding.location.line)
        for path, file in sorted(names.items()):
            wanted, got = expected(file, suite), hits.get(path, set())
            place = file.relative_to(checkout).as_posix()
            found += [f"{place}:{line}" for line in sorted(wanted & got)]
            missed += [f"{place}:{line}" for line in sorted(wanted - got)]
            extra += [f"{place}:{line}" for line in sorted(got - wanted)]
    return found, missed, extra


def main() -> None:
    arguments = [a for a in sys.argv[1:] if "=" in a]
    checkouts = {name: Path(path) for name, path in (a.split("=", 1) for a in arguments)}
    print(f"{'suite':42} {'found':>6} {'missed':>7} {'extra':>6} {'right':>6}")
    for suite in SUITES:
        if suite.checkout not in checkouts:
            continue
        found, missed, extra = run(checkouts[suite.checkout], suite)
        total = len(found) + len(missed) + len(extra)
        right = len(found) / total if total else 1.0
        name = f"{suite.name} / {suite.rule}"
        print(f"{name:42} {len(found):6} {len(missed):7} {len(extra):6} {right:6.0%}")
        if "--list" in sys.argv:
            for title, places in (("missed", missed), ("extra", extra)):
                for place in places:
                    print(f"    {title} {place}")


if __name__ == "__main__":
    main()
