"""Types in words."""

from __future__ import annotations

from archlint.program.golang.types import (
    Basic,
    Chan,
    Func,
    Interface,
    Map,
    Named,
    Opaque,
    Pointer,
    Slice,
    Struct,
    Tuple,
    Type,
    TypeParam,
)


def show(type_: Type | None, depth: int = 0) -> str:
    """A type as Go writes it with full package paths; ``?`` where unknown."""
    if type_ is None or depth > 6:
        return "?"
    deeper = depth + 1
    match type_:
        case Basic() | TypeParam():
            return type_.name
        case Named():
            args = ",".join(show(a, deeper) for a in type_.args)
            return type_.definition.canonical + (f"[{args}]" if args else "")
        case Pointer():
            return "*" + show(type_.elem, deeper)
        case Slice():
            return "[]" + show(type_.elem, deeper)
        case Map():
            return f"map[{show(type_.key, deeper)}]{show(type_.elem, deeper)}"
        case Chan():
            return "chan " + show(type_.elem, deeper)
        case Func():
            params = ", ".join(show(p, deeper) for p in type_.params)
            return f"func({params}) ({', '.join(show(r, deeper) for r in type_.results)})"
        case Tuple():
            return f"({', '.join(show(i, deeper) for i in type_.items)})"
        case Opaque():
            return type_.path
        case Struct():
            return "struct{" + "; ".join(f.name for f in type_.fields) + "}"
        case Interface():
            return "interface{" + "; ".join(sorted(type_.methods)) + "}"
