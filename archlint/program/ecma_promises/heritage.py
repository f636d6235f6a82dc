"""Methods that return promises where a base class or interface wants them to return nothing."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.facts import ClassFacts, FileFacts
from archlint.program.ecma_promises.expected import is_thenable, returns_nothing
from archlint.program.ecma_promises.kinds import ClassKind, Typed
from archlint.program.ecma_promises.misuse_kinds import Misuse
from archlint.program.ecma_promises.promiseness import Promises


def inherited(promises: Promises, facts: FileFacts) -> Iterator[Misuse]:
    """Misuses of kind ``inherited`` in a file's classes and interfaces."""
    for item in facts.classes:
        yield from _class(promises, facts, item)
    for declared in facts.types:
        kind = declared.type
        if not isinstance(kind, ir.TInterface) or not kind.embeds:
            continue
        scope = (facts.path, declared.parent)
        bases = promises.typing.expanded(Typed(scope, embed) for embed in kind.embeds)
        for field in kind.members:
            if field.type is None or field.name in {"[]", "()", "new"}:
                continue
            own = promises.typing.expanded((Typed(scope, field.type),))
            if _promised(promises, own) and _nothing(promises, bases, field.name):
                place = ir.Name(declared.at, field.name)
                yield Misuse("inherited", scope, place, field.name, _find(facts, declared.at))


def _find(facts: FileFacts, at: int) -> int:
    """Members of interfaces carry no position: the interface's own."""
    return at


def _class(promises: Promises, facts: FileFacts, item: ClassFacts) -> Iterator[Misuse]:
    scope = (facts.path, item.parent)
    kind = ClassKind(facts.path, item.index)
    bases = (
        *promises.typing.bases(kind),
        *promises.typing.expanded(Typed(scope, t) for t in item.implements),
    )
    if item.extends is not None and not promises.typing.bases(kind):
        bases = (*bases, *promises.typing.of(scope, item.extends))
    if not bases:
        return
    for member in item.members:
        if member.static or member.kind == "constructor" or not member.name:
            continue
        own = promises.typing.member((Typed(scope, kind),), member.name)
        if _promised(promises, own) and _nothing(promises, bases, member.name):
            start = _start(facts, member.at, member.function)
            yield Misuse("inherited", scope, ir.Name(start, member.name), member.name, start)


def _start(facts: FileFacts, at: int, function: int) -> int:
    return facts.functions[function].at if function >= 0 else at


def _promised(promises: Promises, types: tuple[Typed, ...]) -> bool:
    return any(
        is_thenable(promises, result) for typed in types for result in promises.typing.called(typed)
    )


def _nothing(promises: Promises, bases: tuple[Typed, ...], name: str) -> bool:
    return any(returns_nothing(promises, promises.typing.member((base,), name)) for base in bases)
