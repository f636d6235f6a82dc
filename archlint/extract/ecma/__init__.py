"""Lowering JavaScript, TypeScript and TSX syntax trees to facts."""

from __future__ import annotations

from bisect import bisect_right

from tree_sitter import Node, Tree

from archlint.extract.ecma import (  # noqa: F401  (handlers register themselves)
    chains,
    control,
    declarations,
    exports,
    imports,
    jsx,
    literals,
    objects,
    operators,
    statements,
)
from archlint.extract.ecma.classes import lower_class
from archlint.extract.ecma.declarations import lower_namespace
from archlint.extract.ecma.eager import eager_names
from archlint.extract.ecma.functions import lower_function
from archlint.extract.ecma.grammar import grammar_of
from archlint.extract.ecma.lowering import Lowering
from archlint.extract.ecma.outline import outline
from archlint.extract.ecma.whole import (
    directives,
    documented_imports,
    is_generated,
    kept_strings,
    line_count,
    problem,
)
from archlint.extract.source import line_starts, wide_lines
from archlint.model.facts import FileFacts, FunctionFacts, TypeFacts
from archlint.model.ir import Name

__all__ = ["lower", "outline"]


def lower(path: str, language: str, data: bytes, tree: Tree) -> FileFacts:
    """Facts of one file; never raises on broken, deep or odd input.

    ``language`` is javascript, typescript or tsx; the tree may come from another of these grammars.
    """
    root = tree.root_node
    starts = line_starts(data)
    s = Lowering(grammar_of(tree.language), data)
    _lower_module(s, root, len(data))
    _drain(s)
    s.imports.extend(documented_imports(data))
    eager, emitted = eager_names(root, s.imports)
    return FileFacts(
        path=path,
        language=language,
        size=len(data),
        line_starts=starts,
        functions=tuple(f for f in s.functions if f is not None),
        classes=tuple(c for c in s.classes if c is not None),
        types=_types(s),
        imports=tuple(sorted(s.imports, key=lambda item: (item.at, item.type_only))),
        exports=tuple(s.exports),
        directives=directives(data, root, starts),
        comment_lines=_comment_lines(s, starts),
        wide=wide_lines(data, starts),
        generated=is_generated(data),
        problem=problem(s, root, starts),
        strings=kept_strings(s.strings),
        shebang=data.startswith(b"#!"),
        lines=line_count(data, starts),
        eager=eager,
        emitted=emitted,
    )


def _lower_module(s: Lowering, root: Node, size: int) -> None:
    s.functions.append(None)
    body = s.body(root, 1)
    s.functions[0] = FunctionFacts(0, "", "module", 0, size, body=body)


def _drain(s: Lowering) -> None:
    """Lower what waits in the queue, which grows meanwhile, in order of discovery."""
    done = 0
    while done < len(s.queue):
        body, s.queue[done] = s.queue[done], None
        done += 1
        if body is None:
            continue
        s.level, s.guards, s.flat, s.ambient = body.level, 0, False, body.ambient
        if body.sort == "class":
            s.function = body.parent
            s.classes[body.index] = lower_class(s, body)
            continue
        s.function = body.index
        lower = lower_namespace if body.sort == "namespace" else lower_function
        s.functions[body.index] = lower(s, body)


def _types(s: Lowering) -> tuple[TypeFacts, ...]:
    """The declared types, with ``exported`` set for those that an export names."""
    names = {export.value.id for export in s.exports if isinstance(export.value, Name)}
    return tuple(
        TypeFacts(t.index, t.name, t.kind, t.at, t.type, t.type_params, t.parent, True)
        if t.name in names and t.parent == 0
        else t
        for t in s.types_found
    )


def _comment_lines(s: Lowering, starts: tuple[int, ...]) -> tuple[int, ...]:
    lines: set[int] = set()
    for at, end in s.comments:
        lines.update(range(bisect_right(starts, at), bisect_right(starts, max(end - 1, at)) + 1))
    return tuple(sorted(lines))
