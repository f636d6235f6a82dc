"""Expectations in fixtures: ``// want: rule-id "substring"`` and ``want.txt``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_INLINE = re.compile(r"(?://|#|/\*|<!--|--)\s*want:\s*(.*)$")
_ITEM = re.compile(r'([a-z][a-z0-9-]*)\s+"((?:[^"\\]|\\.)*)"')
_LISTED = re.compile(r'^(\S+?):(\d+)\s+([a-z][a-z0-9-]*)\s+"((?:[^"\\]|\\.)*)"\s*$')
_SKIPPED_DIRS = {".git"}


@dataclass(frozen=True, order=True)
class Want:
    """One expected finding."""

    path: str
    line: int
    rule: str
    text: str


def wants(case: Path) -> tuple[Want, ...]:
    """Every expectation of a fixture case; raises ValueError on one that cannot be read."""
    found: list[Want] = []
    for file in sorted(case.rglob("*")):
        if not file.is_file() or _SKIPPED_DIRS & set(file.relative_to(case).parts):
            continue
        name = file.relative_to(case).as_posix()
        if name == "want.txt":
            found.extend(_listed(file))
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            match = _INLINE.search(line)
            if match:
                items = _ITEM.findall(match.group(1))
                if not items:
                    raise ValueError(f"{file}:{number}: unreadable want")
                found.extend(Want(name, number, rule, _unescape(t)) for rule, t in items)
    return tuple(sorted(found))


def _listed(file: Path) -> list[Want]:
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#") or text == "want-all":
            continue
        match = _LISTED.match(text)
        if not match:
            raise ValueError(f"{file}:{number}: unreadable want")
        found.append(
            Want(match.group(1), int(match.group(2)), match.group(3), _unescape(match.group(4)))
        )
    return found


def _unescape(text: str) -> str:
    return text.replace('\\"', '"').replace("\\\\", "\\")


def unmet(expected: tuple[Want, ...], found: list[tuple[str, int, str, str]]) -> list[str]:
    """What does not match: ``found`` holds (path, line, rule, message); empty when all is well."""
    left = list(found)
    problems = []
    for want in expected:
        hit = next(
            (f for f in left if f[:3] == (want.path, want.line, want.rule) and want.text in f[3]),
            None,
        )
        if hit is None:
            problems.append(f'missing: {want.path}:{want.line} {want.rule} "{want.text}"')
        else:
            left.remove(hit)
    problems.extend(f"unexpected: {path}:{line} {rule} {text!r}" for path, line, rule, text in left)
    return problems
