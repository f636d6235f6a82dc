"""Go sources as strings, linked: what the tests of this folder ask their questions of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archlint.extract.engine import extract_file
from archlint.extract.options import ExtractOptions
from archlint.model import ir
from archlint.model.facts import FileFacts
from archlint.model.location import line_of
from archlint.model.workspace import GoModule, SourceFile, Workspace
from archlint.program.golang import GoLinker, show
from archlint.program.program import FunctionId, Linked

MODULE = "example.com/shop"


def linker(
    files: dict[str, str],
    *modules: GoModule,
    root: str = "/nowhere",
    tree: frozenset[str] = frozenset(),
) -> GoLinker:
    """A linker over files by path; one module at the root unless others are given."""
    facts: dict[str, FileFacts] = {}
    for path, text in files.items():
        found = extract_file(path, "go", text.encode(), ExtractOptions(cache=False, jobs=1))
        assert isinstance(found, FileFacts), found
        facts[path] = found
    workspace = Workspace(
        root=root,
        tree=tree,
        files=tuple(SourceFile(path, "go", len(text)) for path, text in files.items()),
        go_modules=modules or (GoModule(path="go.mod", root="", module=MODULE),),
    )
    return GoLinker(workspace, facts, sources=root != "/nowhere")


def body(text: str, before: str = "", imports: str = "") -> GoLinker:
    """A linker over one file whose function ``f`` has this body."""
    listed = "".join(f'import "{name}"\n' for name in imports.split())
    return linker({"a.go": f"package a\n{listed}{before}\nfunc f() {{\n{text}\n}}\n"})


@dataclass(frozen=True)
class Found:
    """A call: its function, node and line."""

    function: FunctionId
    call: ir.Call
    line: int


def calls(go: GoLinker) -> Iterator[Found]:
    """Every call, by file, function and place."""
    for function, _ in go.functions():
        facts = go.files[function[0]]
        for call in sorted(go.body(function).calls, key=lambda c: c.paren):
            yield Found(function, call, line_of(facts, call.paren))


def results(go: GoLinker, name: str) -> list[str]:
    """What the calls written ``name(...)`` or ``.name(...)`` give, as Go writes the types."""
    found = []
    for item in calls(go):
        callee = item.call.callee
        written = callee.name if isinstance(callee, ir.Member) else getattr(callee, "id", "")
        if written == name:
            types = go.call_results(item.function, item.call)
            found.append("unknown" if types is None else ", ".join(show(t) for t in types))
    return found


def edges(linked: Linked, go: GoLinker) -> set[tuple[str, str, str]]:
    """Call edges as (caller, callee, kind) by name."""
    return {
        (
            go.files[e.caller[0]].functions[e.caller[1]].name,
            go.files[e.callee[0]].functions[e.callee[1]].name or f"closure {e.callee[1]}",
            e.kind,
        )
        for e in linked.edges
    }


def entries(go: GoLinker) -> set[tuple[str, str]]:
    """Entry points as (kind, label)."""
    return {(entry.kind.value, entry.label) for entry in go.link().entry_points}
