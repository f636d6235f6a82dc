"""Handlers written as a class and a method's name: ``[UsersController, 'index']``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.program.ecma.values import (
    ClassValue,
    FunctionValue,
    InstanceValue,
    ListValue,
    LiteralValue,
    ModuleValue,
    ObjectValue,
    PromiseValue,
    Value,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_WHOLE = "handle"
"""The method of a controller with a single action."""


def controller_methods(evaluator: Evaluator, value: ListValue) -> list[FunctionValue]:
    """The method that such a pair names; the class may be behind a ``() => import(path)``."""
    names = [v.text for v in value.items if isinstance(v, LiteralValue) and v.kind == "string"]
    if len(names) > 1 or len(value.items) > len(names) + 1:
        return []
    classes: list[Value] = []
    for item in value.items:
        classes.extend(_classes(evaluator, item))
    instances = evaluator.members.instances(tuple(classes))
    found = evaluator.members.of(instances, names[0] if names else _WHOLE)
    return [v for v in found if isinstance(v, FunctionValue)]


def methods_of(evaluator: Evaluator, values: Values, names: list[str]) -> dict[FunctionValue, str]:
    """The methods of these names of a controller (class, instance, object, module), by name."""
    classes = tuple(c for value in values for c in _classes(evaluator, value))
    made = tuple(v for v in values if isinstance(v, InstanceValue | ObjectValue | ModuleValue))
    instances = union(evaluator.members.instances(classes), made)
    return {
        method: name
        for name in names
        for method in evaluator.members.of(instances, name)
        if isinstance(method, FunctionValue)
    }


def _classes(evaluator: Evaluator, value: Value) -> list[ClassValue]:
    """A class, or the default export of what a function imports."""
    if isinstance(value, ClassValue):
        return [value]
    if not isinstance(value, FunctionValue):
        return []
    found: list[ClassValue] = []
    for given in evaluator.results.returned_by((value,)):
        for module in given.items if isinstance(given, PromiseValue) else (given,):
            if isinstance(module, ModuleValue):
                exports = evaluator.exports.named(module.path, "default")
                found.extend(v for v in exports if isinstance(v, ClassValue))
    return found
