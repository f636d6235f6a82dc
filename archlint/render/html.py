"""HTML: one self-contained page without scripts, for an artefact of CI or a mail."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files

import msgspec
from jinja2 import Environment
from markupsafe import Markup

from archlint.model.finding import Finding, Hop, Result, Severity
from archlint.render.document import is_open, summary
from archlint.render.escape import count, one_line, printable
from archlint.render.options import RenderOptions, rule_page
from archlint.render.sources import Sources

_TITLES = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.NOTE: "Notes"}
_AROUND = 2


class _Row(msgspec.Struct, frozen=True):
    """A finding as the page shows it; its texts are printable, the template escapes them."""

    id: str
    rule: str
    place: str
    message: str
    about: str
    advice: str
    code: tuple[tuple[int, str, bool], ...]
    trace: tuple[Hop, ...]


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """Counts, then findings by severity, what was fixed and what was skipped."""
    open_ = [f for f in result.findings if is_open(f)]
    style = _read("check.css")
    environment = Environment(autoescape=True)
    counts = Counter((f.rule, f.severity) for f in open_)
    ordered = sorted(counts.items(), key=lambda i: (i[0][1].rank, -i[1], i[0][0]))
    seen: Counter[str] = Counter()
    page = environment.from_string(_read("check.html")).render(
        title=options.title or "archlint",
        style=Markup(style),
        style_hash=_hash(style),
        count=count,
        counts=summary(result),
        coverage=result.coverage,
        notice=one_line(result.notice),
        since=one_line(result.since),
        by_rule=[(rule, severity.value, count) for (rule, severity), count in ordered],
        groups=list(_groups(open_, sources, seen)),
        fixed=[_row(f, sources, seen) for f in result.fixed],
        skipped=result.skipped,
        version=result.version,
        page=rule_page,
    )
    return page + "\n"


def _read(name: str) -> str:
    return files("archlint.render").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(style: str) -> str:
    digest = base64.b64encode(sha256(style.encode()).digest()).decode("ascii")
    return f"sha256-{digest}"


def _groups(
    found: list[Finding], sources: Sources, seen: Counter[str]
) -> Iterator[tuple[str, str, list[_Row]]]:
    for severity, title in _TITLES.items():
        rows = [_row(f, sources, seen) for f in found if f.severity is severity]
        if rows:
            yield severity.value, title, rows


def _row(finding: Finding, sources: Sources, seen: Counter[str]) -> _Row:
    at = finding.location
    about = (finding.component, f"{finding.context} context", f"{finding.confidence} confidence")
    number = seen[finding.fingerprint]
    seen[finding.fingerprint] += 1
    return _Row(
        id=f"{finding.fingerprint}-{number}" if number else finding.fingerprint,
        rule=finding.rule,
        place=one_line(f"{at.path}:{at.line}:{at.column}"),
        message=one_line(finding.message),
        about=one_line(", ".join(part for part in about if part)),
        advice=one_line(finding.advice),
        code=tuple(_code(finding, sources)),
        trace=tuple(Hop(one_line(h.path), h.line, one_line(h.label)) for h in finding.trace),
    )


def _code(finding: Finding, sources: Sources) -> Iterator[tuple[int, str, bool]]:
    at = finding.location
    if not sources.line(at.path, at.line).strip():
        return
    for number in range(max(at.line - _AROUND, 1), at.line + _AROUND + 1):
        text = sources.line(at.path, number)
        if text or number == at.line:
            yield number, printable(text.replace("\t", "    ")), number == at.line
