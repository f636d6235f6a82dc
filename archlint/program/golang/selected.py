"""The calls and literals that framework tables name, and the handlers among their parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import CallEntry, expand
from archlint.model import ir
from archlint.program.golang.place import Place
from archlint.program.golang.types import named

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

_LITERAL = "literal:"


class Selected:
    """What the tables of a linker select from its program."""

    def __init__(self, linker: GoLinker) -> None:
        self._linker = linker
        self.entries: dict[str, list[tuple[CallEntry, str]]] = {}
        """Canonical names, of literals with a prefix: the tables' entries and their frameworks."""
        for framework in linker.tables:
            for entry in framework.call:
                for pattern in entry.callee:
                    for name in expand(pattern):
                        self.entries.setdefault(name, []).append((entry, framework.name))
        self.calls = frozenset(n for n in self.entries if not n.startswith(_LITERAL))
        """The names of functions and methods among ``entries``."""

    def places(self) -> Iterator[tuple[Place, str]]:
        """Calls and literals that a table names, each with its key in ``entries``."""
        for place in self._linker.calls_of(set(self.calls)):
            assert isinstance(place.expr, ir.Call)
            callee = self._linker.calls.callee(place.unit, place.holder, place.expr)
            yield place, callee.canonical
        literals = {name.removeprefix(_LITERAL) for name in self.entries.keys() - self.calls}
        for place, definition in self._linker.literals.of(literals):
            yield place, f"{_LITERAL}{definition.canonical}"

    def assigned(self) -> Iterator[tuple[Place, CallEntry, str, Place]]:
        """What is put into a field of a literal's type afterwards: ``app.Action = run``.

        Each is the literal (or the variable) with its entry and framework, and the handler.
        """
        linker = self._linker
        for key in sorted(self.entries.keys() - self.calls):
            for entry, framework in self.entries[key]:
                for field in entry.handlers:
                    for owner, value in linker.values.stores.assigned(field):
                        base = named(linker.evaluator.type_of(*owner))
                        if base and f"{_LITERAL}{base.definition.canonical}" == key:
                            yield self._literal(owner), entry, framework, value

    def _literal(self, owner: Place) -> Place:
        """The literal that a variable was declared with, else the variable."""
        if type(owner.expr) is not ir.Name:
            return owner
        local = self._linker.evaluator.binding(owner.unit, owner.holder, owner.expr)
        node = local[0].node if local is not None and local[0].kind == "value" else None
        node = node.value if type(node) is ir.Unary else node
        if local is None or type(node) is not ir.Composite:
            return owner
        return Place(owner.unit, local[1], node)


def handlers(place: Place, entry: CallEntry) -> list[Place]:
    """The expressions that the entry's selectors choose."""
    expr = place.expr
    found: list[ir.Expr] = []
    for selector in entry.handlers:
        if isinstance(expr, ir.Composite):
            found += [e.value for e in expr.entries if e.key == selector]
        elif isinstance(expr, ir.Call):
            found += _select(expr.args, selector.removesuffix(".*"))
    return [Place(place.unit, place.holder, value) for value in found]


def _select(args: tuple[ir.Expr, ...], selector: str) -> list[ir.Expr]:
    """Arguments that ``"1"``, ``"1.."`` or ``"-1"`` choose."""
    if selector.endswith(".."):
        return list(args[int(selector[:-2]) :])
    index = int(selector)
    return [args[index]] if -len(args) <= index < len(args) else []
