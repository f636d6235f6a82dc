"""Run archlint's Go rules over the test data of other linters and count what agrees.

    python benchmarks/go_peer_suites.py FOLDER [--list]

FOLDER holds checkouts of the linters' repositories under their own names (timakin/bodyclose,
sonatard/noctx, gostaticanalysis/nilerr, gostaticanalysis/forcetypeassert, dominikh/go-tools,
mgechev/revive, jingyugao/rowserrcheck, kkHAIKE/contextcheck, kisielk/errcheck, golang/tools,
go-critic/go-critic, securego/gosec, golangci/golangci-lint); those that are missing are left out
and nothing of them is kept. Expectations are their own comments (``// want``, ``//@ diag``,
``// MATCH``) by line, gosec's the number of issues of each sample. Prints, per suite, found, missed
and extra lines, and with ``--list`` each of the latter two.
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
_CANCEL = re.compile(r"//\s*want\b(?!.*reached without)")
"""vet's second line of each finding is left out: where the path leaves."""
_BEFORE = re.compile(r"^\s*/\*! ")
"""A marker on the line before."""
_SAMPLE = re.compile(r"\{\[\]string\{`(.*?)`\}, (\d+), gosec", re.DOTALL)


@dataclass(frozen=True)
class Suite:
    """Test files of a checkout (globs), the rule they are about, how they mark a finding."""

    checkout: str
    name: str
    rule: str
    globs: tuple[str, ...]
    marker: re.Pattern[str]
    go: str = "1.20"


def _golangci(name: str, rules: str, *also: str) -> Suite:
    folder = f"pkg/golinters/{name}/testdata"
    globs = (f"{folder}/{name}.go", *(f"{folder}/{other}" for other in also))
    return Suite("golangci-lint", f"golangci {name}", rules, globs, _WANT)


SUITES = (
    Suite(
        "bodyclose",
        "bodyclose",
        "unclosed-body",
        ("passes/bodyclose/testdata/src/a/*.go", "passes/bodyclose/testdata/src/handled*/*.go"),
        _WANT,
    ),
    _golangci("bodyclose", "unclosed-body"),
    Suite("noctx", "noctx", "missing-context", ("testdata/src/*/*.go",), _WANT),
    _golangci("noctx", "missing-context"),
    Suite("contextcheck", "contextcheck", "missing-context", ("testdata/src/a/*.go",), _WANT),
    _golangci("contextcheck", "missing-context"),
    Suite("nilerr", "nilerr", "swallowed-error-go", ("testdata/src/a/*.go",), _WANT),
    _golangci("nilerr", "swallowed-error-go"),
    Suite(
        "rowserrcheck",
        "rowserrcheck",
        "missing-rows-err",
        ("passes/rowserr/testdata/src/*/*.go",),
        _WANT,
    ),
    _golangci("rowserrcheck", "missing-rows-err"),
    Suite(
        "tools",
        "vet sqlrowserr",
        "missing-rows-err",
        ("go/analysis/passes/sqlrowserr/testdata/src/a/*.go",),
        _WANT,
    ),
    _golangci("errcheck", "unchecked-error"),
    Suite(
        "errcheck", "-assert", "unchecked-assertion", ("errcheck/testdata/src/assert/*.go",), _WANT
    ),
    Suite(
        "forcetypeassert", "forcetypeassert", "unchecked-assertion", ("testdata/src/*/*.go",), _WANT
    ),
    _golangci("forcetypeassert", "unchecked-assertion"),
    Suite(
        "revive",
        "unchecked-type-assertion",
        "unchecked-assertion",
        ("testdata/unchecked_type_assertion.go",),
        _MATCH,
    ),
    Suite("go-tools", "SA5003", "defer-in-loop", ("staticcheck/sa5003/testdata/**/*.go",), _DIAG),
    Suite("go-tools", "SA9001", "defer-in-loop", ("staticcheck/sa9001/testdata/**/*.go",), _DIAG),
    Suite(
        "revive",
        "defer (loops)",
        "defer-in-loop",
        ("testdata/defer_only_loop_enabled.go",),
        _MATCH,
    ),
    Suite(
        "go-critic",
        "deferInLoop",
        "defer-in-loop",
        ("checkers/testdata/deferInLoop/*.go",),
        _BEFORE,
    ),
    Suite(
        "go-tools", "SA6000", "compile-in-handler", ("staticcheck/sa6000/testdata/**/*.go",), _DIAG
    ),
    Suite("revive", "deep-exit", "fatal-outside-main", ("testdata/deep_exit.go",), _MATCH),
    Suite(
        "tools",
        "vet lostcancel",
        "goroutine-leak",
        ("go/analysis/passes/lostcancel/testdata/src/*/*.go",),
        _CANCEL,
    ),
    Suite("gosec", "G112", "missing-timeout", ("testutils/g112_samples.go",), _SAMPLE),
    Suite("gosec", "G114", "missing-timeout", ("testutils/g114_samples.go",), _SAMPLE),
    Suite("gosec", "G104", "unchecked-error", ("testutils/g104_samples.go",), _SAMPLE),
)


@dataclass
class Case:
    """A file to analyse, what it is called, and the lines (or, of a sample, how many) expected."""

    place: str
    text: str
    package: str
    lines: set[int]
    count: int = -1


def cases(checkout: Path, suite: Suite) -> Iterator[Case]:
    for glob in suite.globs:
        for file in sorted(checkout.glob(glob)):
            if file.name.endswith("_test.go"):
                continue
            text = file.read_text("utf-8", "replace")
            place = file.relative_to(checkout).as_posix()
            if suite.marker is _SAMPLE:
                for number, (code, count) in enumerate(_SAMPLE.findall(text), 1):
                    yield Case(f"{place}#{number}", code, f"{place}{number}", set(), int(count))
                continue
            lines = text.splitlines()
            wanted = {n for n, line in enumerate(lines, 1) if suite.marker.search(line)}
            shift = 1 if suite.marker is _BEFORE else 0
            bare = [suite.marker.split(line)[0] for line in lines]  # a comment may be a reason
            place_lines = {line + shift for line in wanted}
            yield Case(place, "\n".join(bare) + "\n", str(file.parent), place_lines)


def run(checkout: Path, suite: Suite) -> tuple[list[str], list[str], list[str]]:
    found: list[str] = []
    missed: list[str] = []
    extra: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "go.mod").write_text(f"module example.com/suite\n\ngo {suite.go}\n")
        placed: dict[str, Case] = {}
        for number, case in enumerate(cases(checkout, suite)):
            package = root / f"p{abs(hash(case.package)) % 10**8}"
            package.mkdir(exist_ok=True)
            copy = package / f"f{number}.go"
            copy.write_text(case.text, "utf-8")
            placed[copy.relative_to(root).as_posix()] = case
        options = Options(
            select=tuple(suite.rule.split(",")), min_confidence=Confidence.LOW, cache=False, jobs=1
        )
        hits: dict[str, list[int]] = {}
        for finding in check(root, options).findings:
            hits.setdefault(finding.location.path, []).append(finding.location.line)
        for path, case in sorted(placed.items()):
            got = hits.get(path, [])
            if case.count >= 0:
                found += [case.place] * min(case.count, len(got))
                missed += [case.place] * max(case.count - len(got), 0)
                extra += [case.place] * max(len(got) - case.count, 0)
                continue
            found += [f"{case.place}:{line}" for line in sorted(case.lines & set(got))]
            missed += [f"{case.place}:{line}" for line in sorted(case.lines - set(got))]
            extra += [f"{case.place}:{line}" for line in sorted(set(got) - case.lines)]
    return found, missed, extra


def main() -> None:
    folder = Path(sys.argv[1])
    print(f"{'suite':42} {'found':>6} {'missed':>7} {'extra':>6} {'right':>6}")
    for suite in SUITES:
        if not (folder / suite.checkout).is_dir():
            continue
        found, missed, extra = run(folder / suite.checkout, suite)
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
