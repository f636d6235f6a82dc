"""Routes that an API description gives a class: OpenAPI's paths with the names of methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.values import LiteralValue, ObjectValue, Values

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "trace"})


def described(
    evaluator: Evaluator, fn: FunctionIndex, decorator: ir.Expr, named: str
) -> dict[str, list[str]]:
    """Method -> routes (``GET /accounts``); ``named`` is the operation's field with its name."""
    found: dict[str, list[str]] = {}
    if not isinstance(decorator, ir.Call) or not decorator.args:
        return found
    paths = evaluator.members.of(evaluator.values(fn, decorator.args[0]), "paths")
    for path, operations in _fields(evaluator, paths):
        for verb, operation in _fields(evaluator, operations):
            if verb not in _VERBS:
                continue
            for name in evaluator.members.of(operation, named):
                if isinstance(name, LiteralValue):
                    found.setdefault(name.text, []).append(f"{verb.upper()} {path}")
    return found


def _fields(evaluator: Evaluator, values: Values) -> list[tuple[str, Values]]:
    objects = (v for v in values if isinstance(v, ObjectValue))
    return [field for value in objects for field in evaluator.members.fields(value)]
