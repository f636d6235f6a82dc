"""Edits that would remove a finding, from its place and its file's facts."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from archlint.model.facts import FileFacts, FunctionFacts
from archlint.model.finding import Edit, Finding
from archlint.model.location import Location
from archlint.model.pattern import lazy_regex

_SYNC_CALL = lazy_regex(rb"([A-Za-z_$][\w$]*)\.([A-Za-z]+)Sync\(")
_BINDS_TIGHTER = lazy_regex(rb"\s*(?:[.\[(!*]|\?\.)")
_PROMISES = ("node:fs.promises.", "node:fs/promises.")


class Fix(msgspec.Struct, frozen=True):
    """A finding and the edits that should remove it; ``title`` says what they do."""

    finding: Finding
    title: str
    edits: tuple[Edit, ...]


def propose(finding: Finding, facts: FileFacts, data: bytes) -> Fix | None:
    """A fix for the finding, None when there is no safe one; ``data`` are the file's bytes."""
    if finding.edits:
        return Fix(finding, finding.advice, finding.edits)
    proposer = FIXABLE.get(finding.rule)
    return proposer(finding, facts, data) if proposer is not None else None


def _await_promise(finding: Finding, facts: FileFacts, data: bytes) -> Fix | None:
    """``await`` in front of a floating statement of an async function."""
    at, _ = span(finding.location, data)
    if not _in_async(facts, at):
        return None
    return Fix(finding, "await the promise", (Edit(facts.path, at, at, "await "),))


def _call_twin(finding: Finding, facts: FileFacts, data: bytes) -> Fix | None:
    """``fs.xSync(...)`` as ``await fs.promises.x(...)`` in an async function."""
    at, end = span(finding.location, data)
    call = _SYNC_CALL.match(data, at)
    twin = str(finding.evidence.get("twin") or "")
    if call is None or not twin.startswith(_PROMISES) or not _in_async(facts, at):
        return None
    name = call[2].decode("ascii")
    if twin.rpartition(".")[2] != name or data[end - 1 : end] != b")":
        return None
    start, close = "await ", ""
    if _BINDS_TIGHTER.match(data, end):
        start, close = "(await ", ")"
    callee = f"{start}{call[1].decode('ascii')}.promises.{name}("
    edits = [Edit(facts.path, at, call.end(), callee)]
    if close:
        edits.append(Edit(facts.path, end, end, close))
    return Fix(finding, f"call {name} of fs.promises", tuple(edits))


FIXABLE: dict[str, Callable[[Finding, FileFacts, bytes], Fix | None]] = {
    "floating-promise": _await_promise,
    "blocking-call": _call_twin,
}
"""Rules with a fix of their own; a rule may also attach edits to its reports."""


def span(at: Location, data: bytes) -> tuple[int, int]:
    """The byte offsets of a location: columns are code points."""
    lines = data.split(b"\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def offset(line: int, column: int) -> int:
        text = lines[line - 1].decode("utf-8", "surrogateescape")
        return starts[line - 1] + len(text[: column - 1].encode("utf-8", "surrogateescape"))

    return offset(at.line, at.column), offset(at.end_line, at.end_column)


def _in_async(facts: FileFacts, at: int) -> bool:
    """Whether the innermost function around an offset is async, and no generator."""
    inner: FunctionFacts | None = None
    for function in facts.functions[1:]:
        around = function.at <= at < function.end
        if around and (inner is None or function.end - function.at < inner.end - inner.at):
            inner = function
    return inner is not None and inner.is_async and not inner.generator


def apply(data: bytes, edits: list[Edit]) -> bytes:
    """The bytes with all edits made; of two that overlap the later is dropped."""
    out, done = [], 0
    for edit in sorted(edits, key=lambda e: (e.at, e.end)):
        if edit.at < done:
            continue
        out += [data[done : edit.at], edit.text.encode("utf-8")]
        done = edit.end
    return b"".join([*out, data[done:]])
