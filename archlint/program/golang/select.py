"""Fields and methods of a type, promoted ones included; method sets; what implements what."""

from __future__ import annotations

from typing import Any

import msgspec

from archlint.program.golang.types import (
    Definition,
    Func,
    FunctionId,
    Interface,
    Method,
    Named,
    Opaque,
    Pointer,
    Struct,
    Type,
    bindings,
    deref,
    substitute,
    substitute_func,
    underlying,
)
from archlint.program.golang.universe import BASIC


class Selection(msgspec.Struct, frozen=True, gc=False, eq=False):
    """What ``x.name`` means: ``kind`` is field, method or dynamic (an interface's method).

    ``owner`` is the declared type it belongs to (None in an unnamed struct); a method's ``type`` is
    its signature; ``method`` its declaration unless dynamic.
    """

    kind: str
    type: Type | None
    owner: Named | None = None
    method: Method | None = None


def select(type_: Type | None, name: str) -> Selection | None:
    """Field or method ``name`` of a value of this type, found breadth first through embedding."""
    base = deref(type_)
    if isinstance(base, Named):
        if base.args:
            return _search(base, name)
        cache: dict[str, Any] = base.definition.selections
        if name not in cache:
            cache[name] = None
            cache[name] = _search(base, name)
        found: Selection | None = cache[name]
        return found
    return _search(base, name)


def _search(base: Type | None, name: str) -> Selection | None:
    level: list[Type] = [base] if base is not None else []
    seen: set[int] = set()
    while level:
        below: list[Type] = []
        for candidate in level:
            found = _direct(candidate, name, below)
            if found is not None:
                return found
        level = []
        for embedded in below:
            key = id(embedded.definition) if isinstance(embedded, Named) else id(embedded)
            if key not in seen:
                seen.add(key)
                level.append(embedded)
    return None


def _direct(candidate: Type, name: str, below: list[Type]) -> Selection | None:
    """The field or method that the type itself has; embedded types are added to ``below``."""
    owner = candidate if isinstance(candidate, Named) else None
    if owner is not None:
        method = owner.definition.methods.get(name)
        if method is not None:
            bound = bindings(owner) if owner.args else {}
            return Selection("method", substitute_func(method.signature, bound), owner, method)
    shape = underlying(candidate)
    if isinstance(shape, Struct):
        field = shape.by_name.get(name)
        if field is not None:
            return Selection("field", field.type, owner)
        for embedded in shape.embedded:
            inner = deref(embedded.type)
            if inner is not None:
                below.append(inner)
    elif isinstance(shape, Interface):
        signature = interface_methods(shape).get(name)
        if signature is not None:
            return Selection("dynamic", signature, owner)
    return None


def interface_methods(shape: Interface, depth: int = 0) -> dict[str, Func]:
    """An interface's complete method set."""
    if not shape.embeds or depth > 10:
        return shape.methods
    methods = dict(shape.methods)
    for embedded in shape.embeds:
        inner = underlying(embedded)
        if isinstance(inner, Interface):
            bound = bindings(embedded) if isinstance(embedded, Named) and embedded.args else {}
            for name, signature in interface_methods(inner, depth + 1).items():
                methods.setdefault(name, substitute_func(signature, bound))
    return methods


def complete(shape: Interface, depth: int = 0) -> bool:
    """Whether every interface that is embedded is known."""
    return depth < 10 and all(
        isinstance(inner := underlying(embedded), Interface) and complete(inner, depth + 1)
        for embedded in shape.embeds
    )


def has_unknown_part(type_: Type | None, depth: int = 0) -> bool:
    """Whether methods may be promoted from an embedded type that is not known."""
    base = deref(type_)
    if base is None or isinstance(base, Opaque):
        return True
    if isinstance(base, Named) and not base.definition.known:
        return True
    shape = underlying(base)
    if isinstance(shape, Struct) and depth < 6:
        return any(has_unknown_part(f.type, depth + 1) for f in shape.embedded)
    return isinstance(shape, Interface) and not complete(shape)


def implements_error(type_: Type | None) -> bool:
    """Whether the type is ``error`` or has its ``Error() string`` method."""
    if type_ is None:
        return False
    if isinstance(type_, Named) and type_.definition.name == "error":
        return not type_.definition.package
    if isinstance(underlying(deref(type_)), Interface) and isinstance(type_, Pointer):
        return False
    found = select(type_, "Error")
    if found is None or not isinstance(found.type, Func) or found.kind == "field":
        return False
    if found.type.params or len(found.type.results) != 1:
        return False
    if substitute(found.type.results[0], {}) is not BASIC["string"]:
        return False
    by_pointer = found.method is not None and found.method.pointer
    return not by_pointer or isinstance(type_, Pointer) or _promoted(type_, found)


def _promoted(type_: Type, found: Selection) -> bool:
    """A pointer method also belongs to a struct that embeds the pointer."""
    owner = found.owner.definition if found.owner is not None else None
    shape = underlying(type_)
    return isinstance(shape, Struct) and any(
        isinstance(field.type, Pointer)
        and isinstance(field.type.elem, Named)
        and field.type.elem.definition is owner
        for field in shape.embedded
    )


def method(definition: Definition, name: str) -> Selection | None:
    """A method of ``*T``, a promoted one included; None for a field and for nothing."""
    found = select(definition.instance, name)
    return found if found is not None and found.kind != "field" else None


def function_of(definition: Definition, name: str) -> FunctionId | None:
    """The in-repo function that a method of ``*T`` is."""
    found = method(definition, name)
    return found.method.function if found is not None and found.method is not None else None


def method_set(definition: Definition) -> dict[str, Selection]:
    """Every method of ``*T``, promoted ones included."""
    found = {name: method(definition, name) for name in method_names(definition)}
    return {name: selection for name, selection in found.items() if selection is not None}


def method_names(definition: Definition) -> set[str]:
    """The names of the methods of ``*T``, and of those that a field hides."""
    return _method_names(definition.instance, set(), 0)


def _method_names(type_: Type | None, seen: set[int], depth: int) -> set[str]:
    base = deref(type_)
    names: set[str] = set()
    if isinstance(base, Named):
        if id(base.definition) in seen or depth > 10:
            return names
        seen.add(id(base.definition))
        names.update(base.definition.methods)
    shape = underlying(base)
    if isinstance(shape, Struct):
        for field in shape.embedded:
            names |= _method_names(field.type, seen, depth + 1)
    elif isinstance(shape, Interface):
        names.update(interface_methods(shape))
    return names
