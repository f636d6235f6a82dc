"""Go: types on demand, the call graph's Go half, entry points.

What rules ask (``go = program.golang``; ``function`` is a ``FunctionId``, (path, index)):

- ``go.functions()``: every function with a body; ``go.body(function)``: its bindings, ``calls``,
  ``dropped`` calls (statement, ``defer``, ``go``), ``assigns``, ``returns``, closures inside apart.
- ``go.type_of(function, expr)``: a type of ``types`` (``Named``, ``Pointer``, ``Slice``, ``Func``,
  ...), None when unknown, ``Tuple`` for no or several values. ``show(type)`` prints it
  (``*net/http.Server``), ``named(type)`` gives the declared type behind at most one pointer and
  ``named(t).definition.canonical`` its name.
- ``go.call_results(function, call)``: the result types, None when the callee is unknown;
  ``go.error_results``: which of them are errors, learnt from the repo's own use at last.
- ``go.resolve_call(function, call)``: a ``Resolution``: in-repo ``targets``, or ``external``, the
  canonical name (``net/http.Get``, ``net/http.Client.Do``; a receiver's pointer is stripped),
  ``signature``, ``receiver`` (static type), ``kind`` (function, method, dynamic, value, closure,
  builtin, conversion, unknown) and ``note``.
- ``go.callee(function, call)``: the same before function values and interfaces are followed
  (cheaper): ``canonical`` also names in-repo functions (``example.com/shop/store.Store.Close``).
- ``go.binding(function, name)``: the local declaration of a name (``kind``, ``node``, ``start``)
  and its function.
- ``go.implements_error(type)``, ``go.select(type, name)`` (field or method, promoted ones
  included),
  ``go.holds(function, expr)``: the in-repo functions that a function value may be.

Canonical names from unknown packages tell how a value came about: ``github.com/x/y.New().Do``.

Layers of the package, each on those before: ``type_literals`` and ``types``, ``universe``,
``show`` and ``infer``, ``package`` (what any package offers), ``scopes`` (names in a body),
``qualifiers`` (import names), ``convert`` and ``source`` (packages from source), ``outline``,
``outlined`` and ``vendored`` (dependencies from source), ``tabled`` (from the signature tables),
``modules`` and ``world`` (import paths), ``select`` (fields, methods), ``names``, ``evaluate``
and ``calls`` (expressions), ``dispatch`` (interfaces), ``stores`` and ``values`` (function
values), ``edges`` and ``imports`` (graphs), ``routes``, ``labels``, ``selected``,
``handlermaps``, ``registrations`` and ``entries`` (entry points), ``linker``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from archlint.program.golang.show import show

if TYPE_CHECKING:
    from archlint.program.golang.calls import Callee
    from archlint.program.golang.edges import Resolution
    from archlint.program.golang.linker import GoLinker
    from archlint.program.golang.select import Selection
    from archlint.program.golang.types import (
        Basic,
        Chan,
        Definition,
        Func,
        FunctionId,
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
        deref,
        named,
        underlying,
    )
    from archlint.program.golang.universe import BASIC, ERROR

__all__ = [
    "BASIC",
    "ERROR",
    "Basic",
    "Callee",
    "Chan",
    "Definition",
    "Func",
    "FunctionId",
    "GoLinker",
    "Interface",
    "Map",
    "Named",
    "Opaque",
    "Pointer",
    "Resolution",
    "Selection",
    "Slice",
    "Struct",
    "Tuple",
    "Type",
    "TypeParam",
    "deref",
    "named",
    "show",
    "underlying",
]

_OTHERS = {
    "BASIC": "universe",
    "Callee": "calls",
    "ERROR": "universe",
    "GoLinker": "linker",
    "Resolution": "edges",
    "Selection": "select",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when first asked for: who links modules alone does without."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_OTHERS.get(name, 'types')}"), name)
