"""Type arguments that a call leaves out: matched with the types of its arguments."""

from __future__ import annotations

from archlint.program.golang.types import (
    Chan,
    Func,
    Map,
    Named,
    Pointer,
    Slice,
    Type,
    TypeParam,
    underlying,
)
from archlint.program.golang.universe import default_type


def infer(
    params: tuple[Type | None, ...], args: tuple[Type | None, ...], bound: dict[str, Type | None]
) -> None:
    """Bind type parameters by matching parameter types with argument types."""
    for param, arg in zip(params, args, strict=False):
        unify(param, arg, bound, 0)


def unify(param: Type | None, arg: Type | None, bound: dict[str, Type | None], depth: int) -> None:
    """Bind the type parameters in ``param`` by ``arg``, as far as their shapes agree."""
    if param is None or arg is None or depth > 8:
        return
    if isinstance(param, TypeParam):
        if bound.get(param.name) is None:
            bound[param.name] = default_type(arg)
            if param.bound is not None:
                unify(param.bound, arg, bound, depth + 1)
        return
    if isinstance(arg, Named) and not isinstance(param, Named):
        arg = underlying(arg)
    for left, right in _parts(param, arg) if arg is not None else ():
        unify(left, right, bound, depth + 1)


def _parts(param: Type, arg: Type) -> list[tuple[Type | None, Type | None]]:
    """The inner types of two types of one shape, pairwise."""
    if isinstance(param, Named) and isinstance(arg, Named):
        return list(zip(param.args, arg.args, strict=False))
    if isinstance(param, Map) and isinstance(arg, Map):
        return [(param.key, arg.key), (param.elem, arg.elem)]
    if isinstance(param, Func) and isinstance(arg, Func):
        left, right = (*param.params, *param.results), (*arg.params, *arg.results)
        return list(zip(left, right, strict=False))
    for kind in (Pointer, Slice, Chan):
        if isinstance(param, kind) and isinstance(arg, kind):
            return [(param.elem, arg.elem)]
    return []
