"""A map that lives as long as the process grows on a request path and never shrinks.

Why it matters: Every new key stays for ever; with keys that clients choose, memory grows until the
process is killed.
What to do: Use an LRU or a cache with a time to live, or delete what is no longer needed.
Guide: Stable memory under sustained load is what Go services are chosen for (L43, L101).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.program.golang.types import Map, show, underlying
from archlint.program.golang_flow.constants import is_constant
from archlint.program.golang_flow.shapes import dotted, is_name
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_SCALE = {
    **dict.fromkeys(Context, None),
    Context.REQUEST: Severity.WARNING,
    Context.BACKGROUND: Severity.NOTE,
}
_BOUNDED_KEYS = ("bool", "reflect.Type", "byte", "uint8", "int8")
_SHRINKS = {"Delete", "LoadAndDelete", "CompareAndDelete", "Clear", "Swap"}


@dataclass
class _Store:
    """A package variable that holds a map: where it grows, whether something shrinks it."""

    growth: list[tuple[FunctionId, int, int]] = field(default_factory=list)
    shrinks: bool = False


@rule(
    "unbounded-cache-go",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    languages=("go",),
)
def unbounded_cache_go(program: Program) -> Iterator[Report]:
    """Package-level maps and sync.Maps that requests fill and nothing empties."""
    for (package, name), store in sorted(_stores(program).items()):
        if store.shrinks:
            continue
        for ident, at, end in sorted(store.growth):
            way = entry_phrase(program, ident)
            message = f"{name} grows with every new key and never shrinks ({way})"
            site = Site(function=ident, at=at, end=end, label=f"{name}[...] =")
            report = site_report(program, site, message, f"{package}.{name}", Extra(scale=_SCALE))
            if report is not None:
                yield report
                break


def _stores(program: Program) -> dict[tuple[str, str], _Store]:
    found = sites(program)
    stores: dict[tuple[str, str], _Store] = {}
    for ident, _ in found.functions:
        if ident[1] == 0:
            continue
        for assign in program.golang.body(ident).assigns:
            for target in assign.targets:
                _assigned(program, ident, assign, target, stores)
    for ident, call, callee in found.calls(("Store", "LoadOrStore", *sorted(_SHRINKS))):
        if callee.canonical.startswith("sync.Map.") and isinstance(call.callee, ir.Member):
            key = _global(program, ident, call.callee.object)
            if key is not None:
                _sync_map(program, ident, call, stores.setdefault(key, _Store()))
    for ident, call, callee in found.calls(("delete", "clear", "len")):
        if callee.kind == "builtin" and call.args:
            key = _global(program, ident, call.args[0])
            if key is not None:
                stores.setdefault(key, _Store()).shrinks = True
    return stores


def _sync_map(program: Program, ident: FunctionId, call: ir.Call, store: _Store) -> None:
    assert isinstance(call.callee, ir.Member)
    if call.callee.name in _SHRINKS:
        store.shrinks = True
    elif call.args and not _bounded_key(program, ident, call.args[0]):
        store.growth.append((ident, call.at, call.end))


def _assigned(
    program: Program,
    ident: FunctionId,
    assign: ir.Assign,
    target: ir.Expr,
    stores: dict[tuple[str, str], _Store],
) -> None:
    """``m[k] = v`` grows a map, ``m = ...`` renews it."""
    if isinstance(target, ir.Index):
        key = _global(program, ident, target.object)
        shape = underlying(program.golang.type_of(ident, target.object))
        grows = key is not None and isinstance(shape, Map) and assign.op == "="
        if grows and key and not _bounded_key(program, ident, target.indices[0]):
            stores.setdefault(key, _Store()).growth.append((ident, assign.at, assign.end))
    elif isinstance(target, ir.Name) and assign.op == "=":
        key = _global(program, ident, target)
        if key is not None:
            stores.setdefault(key, _Store()).shrinks = True


def _bounded_key(program: Program, ident: FunctionId, key: ir.Expr) -> bool:
    """Whether there are only so many keys: constants, small types, types themselves."""
    if is_constant(program, ident, key):
        return True
    kind = program.golang.type_of(ident, key)
    name = show(kind) if kind is not None else ""
    if name.lstrip("*") in _BOUNDED_KEYS:
        return True
    return isinstance(key, ir.Call) and is_name(key.callee, "TypeOf")


def _global(program: Program, ident: FunctionId, expr: ir.Expr) -> tuple[str, str] | None:
    """(package, name) of a package variable; None for anything else."""
    unit = program.golang.unit(ident[0])
    if isinstance(expr, ir.Name):
        if program.golang.binding(ident, expr) is not None:
            return None
        symbol = unit.named(expr.id)
    elif isinstance(expr, ir.Member) and isinstance(expr.object, ir.Name):
        package = unit.imports.get(expr.object.id)
        if package is None or program.golang.binding(ident, expr.object) is not None:
            return _global_field(program, ident, expr)
        symbol = package.lookup(expr.name)
    else:
        return None
    if symbol is None or symbol.kind != "var":
        return None
    return symbol.package, symbol.name


def _global_field(program: Program, ident: FunctionId, expr: ir.Member) -> tuple[str, str] | None:
    """A field of a package variable (``state.cache``) counts as one."""
    root = _global(program, ident, expr.object)
    return (root[0], f"{root[1]}.{dotted(expr).rpartition('.')[2]}") if root is not None else None
