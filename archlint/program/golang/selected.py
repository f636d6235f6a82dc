"""The calls and literals that framework tables name, and the handlers among their parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import CallEntry, expand
from archlint.model import ir
from archlint.program.golang.place import Place

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
