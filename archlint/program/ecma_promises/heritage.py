"""Methods that return promises where a base class or interface wants them to return nothing."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.facts import ClassFacts, FileFacts
from archlint.program.ecma_promises.expected import Expected
from archlint.program.ecma_promises.kinds import ClassKind, Typed
from archlint.program.ecma_promises.misuse_kinds import Misuse
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.type_members import Types


class Heritage:
    """Compares the members of classes and interfaces with those that they inherit."""

    def __init__(self, promises: Promises, expected: Expected) -> None:
        self._typing = promises.typing
        self._expected = expected

    def misuses(self, facts: FileFacts) -> Iterator[Misuse]:
        """Misuses of kind ``inherited`` in a file's classes and interfaces."""
        for item in facts.classes:
            yield from self._class(facts, item)
        for declared in facts.types:
            kind = declared.type
            if not isinstance(kind, ir.TInterface) or not kind.embeds:
                continue
            scope = (facts.path, declared.parent)
            bases = self._typing.expanded(Typed(scope, embed) for embed in kind.embeds)
            for field in kind.members:
                if field.type is None or field.name in {"[]", "()", "new"}:
                    continue
                own = self._typing.expanded((Typed(scope, field.type),))
                if self._promised(own) and self._nothing(bases, field.name):
                    # members of interfaces carry no position: the interface's own
                    place = ir.Name(declared.at, field.name)
                    yield Misuse("inherited", scope, place, field.name, declared.at)

    def _class(self, facts: FileFacts, item: ClassFacts) -> Iterator[Misuse]:
        scope = (facts.path, item.parent)
        kind = ClassKind(facts.path, item.index)
        bases = (
            *self._typing.bases(kind),
            *self._typing.expanded(Typed(scope, t) for t in item.implements),
        )
        if item.extends is not None and not self._typing.bases(kind):
            bases = (*bases, *self._typing.of(scope, item.extends))
        for member in item.members if bases else ():
            if member.static or member.kind == "constructor" or not member.name:
                continue
            own = self._typing.member((Typed(scope, kind),), member.name)
            if self._promised(own) and self._nothing(bases, member.name):
                start = _start(facts, member.at, member.function)
                yield Misuse("inherited", scope, ir.Name(start, member.name), member.name, start)

    def _promised(self, types: Types) -> bool:
        results = (result for typed in types for result in self._typing.called(typed))
        return any(self._expected.is_thenable(result) for result in results)

    def _nothing(self, bases: Types, name: str) -> bool:
        members = (self._typing.member((base,), name) for base in bases)
        return any(self._expected.returns_nothing(types) for types in members)


def _start(facts: FileFacts, at: int, function: int) -> int:
    return facts.functions[function].at if function >= 0 else at
