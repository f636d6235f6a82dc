"""Linking JavaScript and TypeScript: modules, values, calls, entry points.

Rules use ``program.ecma``, an ``EcmaLinker``. A function is ``(path, index)``. Its API:

- ``calls(function)``: the ``ir.Call`` nodes of the function's own body (closures have their own).
- ``resolve_call(function, call) -> Resolution``: ``targets`` (functions of the repo), ``external``
  (canonical name of the callee, such as ``node:fs.readFileSync``, ``npm:express().get``,
  ``global:JSON.parse``; "" when none), ``externals`` (all of them), ``note``.
- ``value_of(function, expr) -> tuple[Value, ...]``: what an expression may be. The kinds stand in
  ``values``: ``FunctionValue``, ``ClassValue``, ``InstanceValue``, ``ObjectValue``,
  ``ModuleValue``, ``TypeValue`` and ``SignatureValue`` (declared only), ``ExternalValue`` (with
  ``name``, the canonical name), ``LiteralValue``, ``ListValue`` (``items``), ``PromiseValue``
  (``items``: what it may resolve to). () means that nothing is known.
- ``binding(function, name) -> Binding | None``: the declaration a ``Name`` means: its ``kind``,
  ``function``, ``at``, ``sources``, ``type``, ``parameter``, ``imported``.
- ``returns(function)``, ``parameter(function, position)``, ``type_of(function, type)``,
  ``text(function, expr)``.
- ``resolve_module(path, specifier)``.

A call of an async function of the repo evaluates to a ``PromiseValue``; ``await`` takes it apart;
an awaited external keeps its name with ``~``. Method calls on lists and promises have external
names ``global:Array().map`` and ``global:Promise().then``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archlint.program.ecma.linker import EcmaLinker, Resolution

__all__ = ["EcmaLinker", "Resolution"]


def __getattr__(name: str) -> Any:
    """The linker, imported when first asked for: who links modules alone does without it."""
    if name not in __all__:
        raise AttributeError(name)
    from archlint.program.ecma import linker

    return getattr(linker, name)
