"""Whether a place runs only once, only outside production, or only while the system is set up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archlint.model import ir
from archlint.model.finding import EntryPoint
from archlint.model.pattern import lazy_regex
from archlint.model.walk import nodes_of, walk
from archlint.program.ecma_flow.holders import lasting, module_level
from archlint.program.ecma_flow.places import Condition, Place, dotted, names_in, place
from archlint.program.program import FunctionId, Program

ONCE, CACHED, GATED, SETUP = "once", "cached", "gated", "setup"

_DEVELOPMENT = lazy_regex(
    r"^(?:is_?|in_?|_*|use_?)?(?:dev|development|debug|test|testing|e2e|mock|local|storybook|ci)"
    r"(?:_?(?:mode|env|environment|build|enabled))?_*$",
    re.IGNORECASE,
)
_PRODUCTION = lazy_regex(r"^(?:is_?|in_?|_*)?prod(?:uction)?(?:_?(?:mode|env))?_*$", re.IGNORECASE)
_DEVELOPMENT_VALUE = lazy_regex(r"^(?:dev|development|test|testing|e2e|ci|local)$")
_SETUP = lazy_regex(
    r"need_?setup|is_?set_?up|set_?up_?(?:done|complete|mode|needed)|is_?installed|not_?installed"
    r"|first_?(?:run|start|boot)|is_?(?:db_?|database_?|app_?)?initiali[sz]ed"
    r"|is_?onboard|run_?set_?up|bootstrapped",
    re.IGNORECASE,
)
_SETUP_LABEL = lazy_regex(r"(?:^|[/ _-])(?:setup|install|installer|onboarding)(?:$|[/ _-])", re.I)
_SETUP_FILE = lazy_regex(r"(?:^|[/_-])(?:setup|install|installer|onboarding)(?:/|\.[cm]?[jt]s$)")
_LOOKUPS = frozenset({"has", "get", "includes", "hasOwnProperty", "isInitialized", "isLoaded"})
_EMPTY = frozenset({"null", "undefined"})


def guard(program: Program, function: FunctionId, at: int) -> str:
    """What keeps the place from running on each request: once, cached, gated, setup or ""."""
    known: dict[tuple[FunctionId, int], str] = program.memo.setdefault(__name__, {})
    found = known.get((function, at))
    if found is None:
        found = known[function, at] = _guard(program, function, at, place(program, function, at))
    return found


def _guard(program: Program, function: FunctionId, at: int, where: Place) -> str:
    for condition in where.conditions:
        gate = _gate(condition)
        if gate:
            return gate
    if _assigned_once(program, function, where):
        return ONCE
    for condition in where.conditions:
        kind = _memo(program, function, condition, at)
        if kind:
            return kind
    return ""


def serves_setup(entry: EntryPoint) -> bool:
    """Whether a route or event serves the first set-up of the system."""
    return bool(_SETUP_LABEL.search(entry.label) or _SETUP_FILE.search(entry.path))


def _gate(condition: Condition) -> str:
    """Conditions that hold outside production only, or while the system is set up."""
    if not _development(condition.test, taken=condition.taken):
        for name in names_in(condition.test):
            if _SETUP.search(name.rpartition(".")[2]):
                return SETUP
        return ""
    return GATED


def _development(test: ir.Expr, *, taken: bool) -> bool:
    """Whether the test, coming out as ``taken``, says that this is no production."""
    if isinstance(test, ir.Unary) and test.op == "!":
        return _development(test.value, taken=not taken)
    if isinstance(test, ir.Binary):
        if (test.op == "&&" and taken) or (test.op == "||" and not taken):
            return any(_development(side, taken=taken) for side in (test.left, test.right))
        if test.op in {"===", "==", "!==", "!="}:
            return _compares(test, equal=(test.op in {"===", "=="}) is taken)
        return False
    name = dotted(test).rpartition(".")[2]
    if not name:
        return False
    return bool(_DEVELOPMENT.match(name)) if taken else bool(_PRODUCTION.match(name))


def _compares(test: ir.Binary, *, equal: bool) -> bool:
    """``process.env.NODE_ENV`` (or kin) compared with a literal."""
    for side, other in ((test.left, test.right), (test.right, test.left)):
        if not isinstance(other, ir.Literal) or other.kind != "string":
            continue
        called = side.callee if isinstance(side, ir.Call) else side
        name = dotted(called).rpartition(".")[2].lower()
        if name == "platform":
            return equal and other.value == "win32"
        if name in {"node_env", "env", "environment", "mode", "stage", "app_env"}:
            if equal:
                return _DEVELOPMENT_VALUE.match(other.value) is not None
            return other.value in {"production", "prod"}
    return False


def _assigned_once(program: Program, function: FunctionId, where: Place) -> bool:
    """``x ??= place`` or ``x = x || place`` with an ``x`` that lasts."""
    for node in where.around:
        if not isinstance(node, ir.Assign) or len(node.targets) != 1:
            continue
        if _keeps(node) and lasting(program, function, node.targets[0]):
            return True
    return False


def _keeps(node: ir.Assign) -> bool:
    """Whether an assignment leaves a value that is there: ``x ??= y``, ``x = x || y``."""
    if node.op in {"??=", "||="}:
        return True
    value = node.values[0] if node.values else None
    if not isinstance(value, ir.Binary) or value.op not in {"||", "??"}:
        return False
    kept = dotted(value.left)
    return bool(kept) and kept == dotted(node.targets[0])


def _memo(program: Program, function: FunctionId, condition: Condition, at: int) -> str:
    """``if (!x) { ... x = place }``: a test of something that lasts and is filled in here."""
    for subject, keyed in _missing(condition.test, taken=condition.taken):
        if lasting(program, function, subject) and _filled(program, function, subject, at):
            return CACHED if keyed else ONCE
        if not keyed and _set_by_callee(program, function, subject, at):
            return ONCE
        if _filled_elsewhere(program, function, subject):
            return CACHED
        if _local_copy(program, function, subject, at):
            return CACHED
    return ""


def _missing(test: ir.Expr, *, taken: bool) -> Iterator[tuple[ir.Expr, bool]]:
    """What the test finds missing: (expression, whether it is an entry of a collection)."""
    if isinstance(test, ir.Unary) and test.op == "!":
        yield from _missing(test.value, taken=not taken)
    elif isinstance(test, ir.Binary) and test.op in {"&&", "||"}:
        if (test.op == "&&") is taken:
            yield from _missing(test.left, taken=taken)
            yield from _missing(test.right, taken=taken)
        else:
            yield from _missing(test.left, taken=taken)
            yield from _missing(test.right, taken=taken)
    elif isinstance(test, ir.Binary) and test.op in {"===", "==", "!==", "!="}:
        equal = (test.op in {"===", "=="}) is taken
        if _is_bool(test.right, not equal) or (equal and _is_empty(test.right)):
            yield from _missing(test.left, taken=False)
    elif isinstance(test, ir.Binary) and test.op == "in" and not taken:
        yield test.right, True
    elif isinstance(test, ir.Binary) and _counts_none(test, taken=taken):
        yield from _subject(test.left)
    elif not taken:
        yield from _subject(test)


def _counts_none(test: ir.Binary, *, taken: bool) -> bool:
    """``x.size > 0``, ``x.length < 1``: whether the outcome says that a collection is empty."""
    if not (isinstance(test.left, ir.Member) and test.left.name in {"size", "length"}):
        return False
    limit = test.right.value if isinstance(test.right, ir.Literal) else ""
    filled, empty = {(">", "0"), (">=", "1")}, {("<", "1"), ("<=", "0")}
    return (test.op, limit) in (empty if taken else filled)


def _is_bool(expr: ir.Expr, value: bool) -> bool:
    return isinstance(expr, ir.Literal) and expr.kind == "bool" and (expr.value == "true") is value


def _is_empty(expr: ir.Expr) -> bool:
    if isinstance(expr, ir.Literal):
        return expr.kind in {"null", "undefined"} or expr.value in {"0", "undefined"}
    if isinstance(expr, ir.Unary) and expr.op == "void":
        return True
    return isinstance(expr, ir.Name) and expr.id in _EMPTY


def _subject(test: ir.Expr) -> Iterator[tuple[ir.Expr, bool]]:
    if isinstance(test, ir.Index):
        yield test.object, True
    elif isinstance(test, ir.Member) and test.name in {"size", "length"}:
        yield test.object, False
    elif isinstance(test, (ir.Name, ir.Member)):
        yield test, False
    elif isinstance(test, ir.Call):
        callee = test.callee
        if isinstance(callee, ir.Member) and callee.name in _LOOKUPS:
            yield callee.object, bool(test.args)


def _filled(program: Program, function: FunctionId, subject: ir.Expr, at: int) -> bool:
    """Whether the function, or a closure in it, assigns the subject or puts something in it."""
    name = dotted(subject)
    outer = program.function(function)
    inner = [
        f for f in program.files[function[0]].functions if outer.at < f.at and f.end <= outer.end
    ]
    nodes = [node for f in (outer, *inner) for node in walk(f.body or ())]
    for node in nodes:
        if isinstance(node, ir.Assign):
            for target in node.targets:
                base = target.object if isinstance(target, (ir.Index, ir.Member)) else target
                if name in {dotted(target), dotted(base)}:
                    return True
        elif isinstance(node, ir.Call) and node.end >= at and _adds_to(node, name):
            return True
    return False


def _set_by_callee(program: Program, function: FunctionId, subject: ir.Expr, at: int) -> bool:
    """``if (!ready) prepare()`` with a ``prepare`` of the same file that sets ``ready``."""
    if not isinstance(subject, ir.Name) or module_level(program, function, subject) is None:
        return False
    called = [call for call in program.ecma.calls(function) if call.at == at]
    targets = {t for call in called for t in program.ecma.resolve_call(function, call).targets}
    return bool(targets) and all(
        path == function[0]
        and any(
            dotted(target) == subject.id
            for node in nodes_of(ir.Assign, program.function((path, index)).body or ())
            for target in node.targets
        )
        for path, index in targets
    )


def _filled_elsewhere(program: Program, function: FunctionId, subject: ir.Expr) -> bool:
    """``cache.x`` of a module's variable that another function of the file assigns."""
    if not isinstance(subject, ir.Member):
        return False
    if module_level(program, function, subject.object) is None:
        return False
    name = dotted(subject)
    return any(
        isinstance(node, ir.Assign) and any(dotted(target) == name for target in node.targets)
        for other in program.files[function[0]].functions
        for node in walk(other.body or ())
    )


def _adds_to(call: ir.Call, name: str) -> bool:
    callee = call.callee
    if not isinstance(callee, ir.Member) or callee.name not in {"set", "add", "push"}:
        return False
    return dotted(callee.object) == name


def _local_copy(program: Program, function: FunctionId, subject: ir.Expr, at: int) -> bool:
    """``let x = cache.get(k); if (!x) { x = place; cache.set(k, x) }``: the copy of an entry."""
    if not isinstance(subject, ir.Name):
        return False
    body = program.function(function).body or ()
    for node in walk(body):
        if not isinstance(node, ir.Assign) or node.at > at or not node.values:
            continue
        if dotted(node.targets[0]) != subject.id:
            continue
        for store in _stores(node.values[0]):
            if lasting(program, function, store) and _filled(program, function, store, at):
                return True
    return False


def _stores(value: ir.Expr) -> Iterable[ir.Expr]:
    """The collections that a value is looked up in."""
    while isinstance(value, (ir.Await, ir.Cast)):
        value = value.value
    if isinstance(value, ir.Index):
        return (value.object,)
    if isinstance(value, ir.Call) and isinstance(value.callee, ir.Member):
        return (value.callee.object,) if value.callee.name == "get" else ()
    if isinstance(value, ir.Member):
        return (value.object, value)
    return (value,) if isinstance(value, ir.Name) else ()
