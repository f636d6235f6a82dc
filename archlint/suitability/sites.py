"""Places in the code whose effect the guide speaks of: computation, waiting, open connections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from archlint.knowledge.suitability import Effect, Effects, load_effects
from archlint.model import ir
from archlint.model.pattern import lazy_regex
from archlint.model.walk import children
from archlint.program.program import FunctionId, Program

_BOUNDARIES = ".(/~"
_PRODUCTION = {"production"}
_PREPARES = lazy_regex(
    r"New\w*|(?:With|Is|Has|Set|with|is|has|set)[A-Z]\w*|[Cc]lose|[Dd]ispose|destroy"
)


class Site(msgspec.Struct, frozen=True):
    """A call, or a loop, in a function's own body: what it does and how sure that is.

    ``where`` is loop (on the calling thread) or pool (elsewhere). ``label`` is the callee's name.
    """

    function: FunctionId
    at: int
    end: int
    kind: str
    words: str
    label: str
    reliability: str = "high"
    where: str = "loop"


def prepares(site: Site) -> bool:
    """Whether a call only makes ready, asks or ends (``NewWriter``, ``SetLimit``, ``close``)."""
    return _PREPARES.fullmatch(site.label.rpartition(".")[2]) is not None


_LISTEN = frozenset({"on", "once", "off", "addListener", "removeListener", "removeAllListeners"})
_ASKED = frozenset({"db", "http", "cache", "mail", "file"})
"""Kinds of work that a caller asks for, so that a listener does none of it."""


class Catalogue:
    """Finds the effect of a canonical name: the longest listed name that covers it."""

    def __init__(self, effects: Iterable[Effect]) -> None:
        self._by_name: dict[str, Effect] = {}
        self._by_class: dict[str, Effect] = {}
        for effect in effects:
            for name in effect.names:
                self._by_name[name] = effect
            for name in effect.classes:
                self._by_class[f".{name}()"] = effect
        self._memo: dict[str, Effect | None] = {}

    def effect(self, canonical: str) -> Effect | None:
        """The effect of calling ``canonical``, None when the tables do not say."""
        if canonical not in self._memo:
            self._memo[canonical] = self._find(canonical)
        return self._memo[canonical]

    def _find(self, canonical: str) -> Effect | None:
        found = self._by_name.get(canonical)
        end = len(canonical)
        while found is None and end > 0:
            end = max(canonical.rfind(mark, 0, end) for mark in _BOUNDARIES)
            found = self._by_name.get(canonical[:end]) if end > 0 else None
        if found is None:
            found = next((e for mark, e in self._by_class.items() if mark in canonical), None)
        return found


def collect_sites(program: Program, effects: Effects) -> tuple[Site, ...]:
    """Every site of production code, by file, function and offset."""
    found: list[Site] = []
    node, go = Catalogue(effects.node), Catalogue(effects.go)
    for path in sorted(program.files):
        if program.roles.get(path, "production") not in _PRODUCTION:
            continue
        facts = program.files[path]
        is_go = facts.language == "go"
        for function in facts.functions:
            if function.body is None:
                continue
            ident = (path, function.index)
            found.extend(
                _go_calls(program, ident, go) if is_go else _node_calls(program, ident, node)
            )
            found.extend(_loops(ident, function.body))
    return tuple(found)


def _node_calls(program: Program, ident: FunctionId, catalogue: Catalogue) -> Iterator[Site]:
    for call in program.ecma.calls(ident):
        reached = program.ecma.resolve_call(ident, call)
        for name in reached.externals:
            effect = None if handles_rows(name) else catalogue.effect(name)
            if effect is not None and not (effect.kind in _ASKED and _listens(name)):
                yield _site(ident, call, name, effect)
                break


def _listens(name: str) -> bool:
    """Whether a call only adds or removes a listener: ``client.on("error", f)``."""
    return name.rpartition(".")[2] in _LISTEN


def handles_rows(name: str) -> bool:
    """Whether a call handles what a client gave (``~.map``), which is work of the caller's own.

    So is what is done with the data of a job (``job.data.subject.replace``).
    """
    if name.rpartition(".")[2] not in load_effects().row_methods:
        return False
    return "~" in name or ".*" in name or ".data." in name


def _go_calls(program: Program, ident: FunctionId, catalogue: Catalogue) -> Iterator[Site]:
    for call in program.golang.body(ident).calls:
        callee = program.golang.callee(ident, call)
        name = callee.canonical or _native(call)
        effect = catalogue.effect(name) if name and not callee.functions else None
        if effect is not None:
            yield _site(ident, call, name, effect)


def _native(call: ir.Call) -> str:
    """``C.name`` for a call through cgo, "" for any other."""
    callee = call.callee
    if not isinstance(callee, ir.Member) or not isinstance(callee.object, ir.Name):
        return ""
    return f"C.{callee.name}" if callee.object.id == "C" else ""


def _site(ident: FunctionId, call: ir.Call, name: str, effect: Effect) -> Site:
    return Site(
        function=ident,
        at=call.at,
        end=call.end,
        kind=effect.kind,
        words=effect.words,
        label=_shown(name),
        reliability=effect.reliability,
        where=effect.where,
    )


def _shown(canonical: str) -> str:
    """A canonical name as a reader writes it: without its module scheme and result marks."""
    name = canonical.split(":", 1)[-1] if canonical[:5] in {"npm:", "node:"} else canonical
    for prefix in ("npm:", "node:", "global:"):
        if canonical.startswith(prefix):
            name = canonical[len(prefix) :]
    return name.replace("()", "").replace("~", "")


def _loops(ident: FunctionId, body: tuple[Any, ...]) -> Iterator[Site]:
    """Nested loops over collections of unknown size, and goroutines started in a loop."""
    stack: list[tuple[Any, int]] = [(node, 0) for node in reversed(body)]
    while stack:
        node, depth = stack.pop()
        if isinstance(node, ir.Loop) and not _bounded(node):
            depth += 1
            if depth == 3:
                yield Site(ident, node.at, node.end, "loops", "nested loops", "nested loops", "low")
        elif isinstance(node, ir.Spawn):
            kind, words = ("fan-out", "goroutines started in a loop") if depth else ("spawn", "go")
            yield Site(ident, node.at, node.end, kind, words, "go", "medium")
        stack.extend((child, depth) for child in reversed(children(node)))


def _bounded(loop: ir.Loop) -> bool:
    """Whether the loop's length is written in the code: a literal list or a constant bound."""
    if isinstance(loop.subject, ir.Array | ir.Object | ir.Composite | ir.Literal):
        return True
    test = loop.test
    return (
        isinstance(test, ir.Binary)
        and test.op in {"<", "<=", ">", ">="}
        and isinstance(test.right, ir.Literal)
    )
