"""What is put into struct fields and package variables, by literals and by assignments.

What a statement stores is first sorted by the field's or variable's name alone, which takes no
types; whose field it is, is found when somebody asks for a field of that name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.model import ir
from archlint.program.golang.place import Place
from archlint.program.golang.select import select
from archlint.program.golang.source import Unit
from archlint.program.golang.types import Map, Named, Slice, Struct, Type, deref, underlying

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker


class Key(NamedTuple):
    """A field (``owner`` is its struct's canonical name) or a package variable (its package)."""

    kind: str
    owner: str
    name: str


class _Site(NamedTuple):
    """A literal, or the target and value of an assignment (``op``)."""

    unit: Unit
    holder: int
    node: ir.Expr
    value: ir.Expr | None = None
    op: str = ""


class Stores:
    """Finds what is stored; the sites are gathered when the first field is asked for."""

    def __init__(self, linker: GoLinker) -> None:
        self._linker = linker
        self._sites: dict[str, list[_Site]] | None = None
        self._found: dict[Key, list[Place]] = {}
        self._looked_up: set[str] = set()
        self._literals: dict[int, ir.Composite] = {}

    def of(self, key: Key) -> list[Place]:
        """Everything that is put into a field or package variable, in the order of the files."""
        if key.name not in self._looked_up:
            self._looked_up.add(key.name)
            for site in self.by_name.get(key.name, ()):
                self._resolve(site, key.name)
        return self._found.get(key, [])

    def literal(self, expr: ir.Expr) -> ir.Composite | None:
        """The literal that puts an expression into a field."""
        return self._literals.get(id(expr))

    def owner(self, unit: Unit, index: int, expr: ir.Member) -> str:
        """The canonical name of the struct that a field belongs to, "" for other members."""
        found = select(self._linker.evaluator.type_of(unit, index, expr.object), expr.name)
        if found is None or found.kind != "field" or found.owner is None:
            return ""
        return found.owner.definition.canonical

    def assigned(self, name: str) -> Iterator[tuple[Place, Place]]:
        """Assignments to fields of that name: whose field it is, and what is put there."""
        for unit, holder, node, value, _ in self.by_name.get(name, ()):
            if type(node) is ir.Member and value is not None:
                yield Place(unit, holder, node.object), Place(unit, holder, value)

    # --------------------------------------------------------------- sites

    @property
    def by_name(self) -> dict[str, list[_Site]]:
        """What may store into a field or variable of that name."""
        if self._sites is None:
            self._sites = {}
            for unit in self._linker.world.production():
                for function in unit.facts.functions:
                    self._gather(unit, function.index)
        return self._sites

    def _gather(self, unit: Unit, index: int) -> None:
        body = unit.body(index)
        for composite in body.composites:
            if composite.type is not None and composite.entries:
                self._literal(unit, index, composite)
        for stmt in body.assigns:
            values, op = stmt.values, stmt.op
            if len(stmt.targets) == len(values):
                for target, value in zip(stmt.targets, values, strict=True):
                    if type(value) is not ir.Literal:
                        self._assigned(_Site(unit, index, target, value, op))

    def _assigned(self, site: _Site) -> None:
        target = site.node.object if type(site.node) is ir.Index else site.node
        if type(target) is ir.Member:
            self._add(target.name, site)
        elif type(target) is ir.Name and (site.holder == 0 or site.op == "="):
            self._add(target.id, site)

    def _literal(self, unit: Unit, index: int, composite: ir.Composite) -> None:
        names: dict[str, None] = {}
        if _keys(composite, names):
            type_ = self._linker.evaluator.type_of(unit, index, composite)
            names |= {name: None for _, name, _, _ in _entries(composite, type_)}
        site = _Site(unit, index, composite)
        for name in names:
            self._add(name, site)

    def _add(self, name: str, site: _Site) -> None:
        assert self._sites is not None
        known = self._sites.get(name)
        if known is None:
            self._sites[name] = [site]
        else:
            known.append(site)

    # ---------------------------------------------------------- whose field

    def _resolve(self, site: _Site, name: str) -> None:
        """Record what a site stores under a name."""
        if site.value is not None:
            self._target(site, site.value)
            return
        assert isinstance(site.node, ir.Composite)
        type_ = self._linker.evaluator.type_of(site.unit, site.holder, site.node)
        for owner, field, value, literal in _entries(site.node, type_):
            if field == name:
                self._store(Key("field", owner, name), Place(site.unit, site.holder, value))
                self._literals[id(value)] = literal

    def _target(self, site: _Site, value: ir.Expr) -> None:
        unit, index, target = site.unit, site.holder, site.node
        if isinstance(target, ir.Index):
            value = ir.Composite(target.at, None, (ir.Property(value.at, None, value),))
            target = target.object
        place = Place(unit, index, value)
        if isinstance(target, ir.Name):
            if index == 0 or self._linker.evaluator.binding(unit, index, target) is None:
                self._store(Key("var", unit.package.path, target.id), place)
        elif isinstance(target, ir.Member):
            qualified = self._linker.evaluator.package_member(unit, index, target)
            if qualified is not None:
                self._store(Key("var", qualified[0].path, qualified[1]), place)
            elif owner := self.owner(unit, index, target):
                self._store(Key("field", owner, target.name), place)

    def _store(self, key: Key, place: Place) -> None:
        self._found.setdefault(key, []).append(place)


def _keys(composite: ir.Composite, names: dict[str, None]) -> bool:
    """Add the keys of a literal and of those inside without a type; whether some have none."""
    positional = False
    for entry in composite.entries:
        value = entry.value
        if type(value) is ir.Composite and value.type is None:
            positional |= _keys(value, names)
        if entry.key is not None:
            if type(value) is not ir.Literal:
                names[entry.key] = None
        elif entry.computed is None and type(value) is not ir.Literal:
            positional = positional or type(composite.type) not in _ELEMENTS
    return positional


_ELEMENTS = {ir.TSlice, ir.TMap}


def _entries(
    expr: ir.Composite, type_: Type | None
) -> list[tuple[str, str, ir.Expr, ir.Composite]]:
    """(struct, field, value, literal) of a literal's entries; elided inner literals included."""
    base = deref(type_)
    shape = underlying(base)
    found: list[tuple[str, str, ir.Expr, ir.Composite]] = []
    if isinstance(shape, Struct) and isinstance(base, Named):
        owner = base.definition.canonical
        for i, entry in enumerate(expr.entries):
            name = entry.key
            if name is None and entry.computed is None and i < len(shape.fields):
                name = shape.fields[i].name
            if name is not None and type(entry.value) is not ir.Literal:
                found.append((owner, name, entry.value, expr))
    elif isinstance(shape, Slice | Map):
        for entry in expr.entries:
            inner = entry.value
            if isinstance(inner, ir.Composite) and inner.type is None:
                found += _entries(inner, shape.elem)
    return found
