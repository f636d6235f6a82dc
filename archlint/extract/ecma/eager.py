"""Which imported names a module reads while it is being loaded.

Where modules import each other in a circle, only such a read can meet a module that is not there
yet. What stands in a function is read later, unless the top level calls the function.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from archlint.model.facts import ImportFacts

_FUNCTIONS = frozenset({"arrow_function", "function_expression", "generator_function"})
_NAMED = frozenset({"function_declaration", "generator_function_declaration"})
_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_FIELDS = frozenset({"field_definition", "public_field_definition"})
_APART = frozenset(
    {
        "import_statement", "comment", "type_annotation", "type_arguments", "type_parameters",
        "interface_declaration", "type_alias_declaration", "implements_clause",
        "function_signature", "ambient_declaration", "type_query", "export_clause",
        "method_signature", "string", "number", "abstract_method_signature", "regex",
        "nested_type_identifier", "import_alias",
    }
)  # fmt: skip
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})
_LATER = frozenset(
    {
        "get", "post", "put", "patch", "delete", "options", "head", "all", "use", "route", "on",
        "once", "addListener", "addEventListener", "query", "mutation", "subscription", "lazy",
        "memo", "forwardRef", "observer", "defineStore", "defineComponent", "setTimeout",
        "setInterval", "setImmediate", "nextTick", "queueMicrotask", "then", "catch", "finally",
        "createAsyncThunk", "onRequest", "describe", "it", "test", "beforeEach", "afterEach",
        "beforeAll", "afterAll", "suite", "each",
    }
)  # fmt: skip
"""Calls that keep a callback for later: routes, listeners, timers, components, tests."""
_LEAVES = frozenset({"property_identifier", "string_fragment", "type_identifier", "this", "null"})
_THUNKS = frozenset({"identifier", "member_expression", "array"})
_ANGULAR = "@angular/core"
_WRAPS = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"}
)


def eager_names(
    root: Node, imports: Iterable[ImportFacts]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The local names of imports that are read before the module's last line has run, sorted.

    The second tuple has the others that are types of decorated fields: compilers that emit metadata
    read them, in ECMAScript modules without a guard.
    """
    imports = tuple(imports)
    kept = (item for item in imports if item.kind == "import" and not item.type_only)
    wanted = {local for item in kept for _, local in item.names}
    if not wanted:
        return (), ()
    reading = _Reading(injects=any(item.specifier == _ANGULAR for item in imports))
    reading.read(root, wanted)
    emitted = wanted & reading.emitted - reading.names
    return tuple(sorted(wanted & reading.names)), tuple(sorted(emitted))


class _Reading:
    """Walks what runs at load: ``names`` are read, ``called`` may run bodies of ``local``.

    ``injects``: Angular's compiler puts what constructors ask for into factories, which run later.
    """

    def __init__(self, *, injects: bool) -> None:
        self._injects = injects
        self.names: set[str] = set()
        self.emitted: set[str] = set()
        self._called: set[str] = set()
        self._local: dict[str, list[Node]] = {}
        self._stack: list[Node] = []

    def read(self, root: Node, wanted: set[str]) -> None:
        """Read the top level and then the bodies of what it calls, until all names are found."""
        self._stack.extend(root.named_children)
        while True:
            while self._stack:
                self._visit(self._stack.pop())
            due = self._called & self._local.keys()
            if not due or wanted <= self.names:
                return
            for name in due:
                self._stack.extend(self._local.pop(name))

    def _visit(self, node: Node) -> None:
        kind = node.type
        if kind in _APART:
            return
        if kind in _NAMES:
            self.names.add(_text(node))
        elif kind in _LEAVES:
            return
        elif kind in _FUNCTIONS:
            self._function(node)
        elif kind in _NAMED:
            self._keep(node.child_by_field_name("name"), node)
        elif kind in _CLASSES:
            self._class(node)
        elif kind == "method_definition":
            self._keep(node.child_by_field_name("name"), node)
        elif kind == "decorator":
            self._stack.extend(_without_functions(node))
        else:
            if kind in {"call_expression", "new_expression"}:
                self._call(node)
            self._stack.extend(node.named_children)

    def _call(self, node: Node) -> None:
        called = _callee(node)
        if called:
            self._called.add(called)

    def _function(self, node: Node) -> None:
        """A function that is called at once or by what it is given to runs; others are kept."""
        parent = node.parent
        while parent is not None and parent.type in _WRAPS:
            parent = parent.parent
        kind = parent.type if parent is not None else ""
        if parent is None or kind == "call_expression":
            self._stack.extend(_body(node))
        elif kind == "arguments":
            if not _is_later(node, parent):
                self._stack.extend(_body(node))
        else:
            names = ("name", "key", "left", "property")
            found = (parent.child_by_field_name(name) for name in names)
            self._keep(next((name for name in found if name is not None), None), node)

    def _keep(self, name: Node | None, function: Node) -> None:
        if name is not None and name.type == "member_expression":
            name = name.child_by_field_name("property")
        key = _text(name) if name is not None else "default"
        self._local.setdefault(key, []).extend(_body(function))

    def _class(self, node: Node) -> None:
        """What a class reads when it is defined; its fields and constructor run when it is made."""
        name = node.child_by_field_name("name")
        own = self._local.setdefault(_text(name) if name is not None else "class", [])
        decorated = _is_decorated(node)
        for part in node.named_children:
            if part.type != "class_body":
                self._stack.append(part)
                continue
            for member in part.named_children:
                if member.type == "method_definition":
                    self._method(member, own, decorated=decorated)
                elif member.type in _FIELDS and not _is_static(member):
                    self._field(member, own)
                else:
                    self._stack.append(member)

    def _field(self, member: Node, own: list[Node]) -> None:
        for child in member.named_children:
            if child.type == "decorator":
                self._stack.append(child)
                self.emitted.update(_types(member))
            else:
                own.append(child)

    def _method(self, node: Node, own: list[Node], *, decorated: bool) -> None:
        name = node.child_by_field_name("name")
        key = _text(name) if name is not None else ""
        parameters = node.child_by_field_name("parameters")
        for parameter in parameters.named_children if parameters is not None else ():
            self._stack.extend(c for c in parameter.named_children if c.type == "decorator")
            if decorated and key == "constructor" and not self._injects:
                self.names.update(_types(parameter))
        if key == "constructor":
            own.extend(_body(node))
        else:
            self._local.setdefault(key, []).extend(_body(node))


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _body(function: Node) -> list[Node]:
    """What runs when a function is called: its body and its parameters' defaults."""
    parts = (function.child_by_field_name(name) for name in ("parameters", "body"))
    return [part for part in parts if part is not None]


def _callee(call: Node) -> str:
    """The last word of what is called, "" when it has none."""
    called = call.child_by_field_name("function") or call.child_by_field_name("constructor")
    if called is not None and called.type == "member_expression":
        called = called.child_by_field_name("property")
    named = called is not None and called.type in {"identifier", "property_identifier"}
    return _text(called) if named and called is not None else ""


def _is_later(function: Node, arguments: Node) -> bool:
    """Whether a callback is kept: by its form (``() => Other``) or by what it is given to."""
    body, parameters = (function.child_by_field_name(name) for name in ("body", "parameters"))
    bare = parameters is not None and parameters.named_child_count == 0
    if bare and body is not None and body.type in _THUNKS:
        return True
    call = arguments.parent
    return call is not None and _callee(call) in _LATER


def _is_static(field: Node) -> bool:
    return any(child.type == "static" for child in field.children)


def _is_decorated(node: Node) -> bool:
    """Whether a class has decorators: its constructor's types may then be emitted as metadata."""
    parent = node.parent
    around = (
        parent.named_children if parent is not None and parent.type == "export_statement" else []
    )
    return any(child.type == "decorator" for child in (*node.named_children, *around))


def _types(declared: Node) -> Iterator[str]:
    """The first word of a parameter's or field's type."""
    annotation = declared.child_by_field_name("type")
    for part in annotation.named_children if annotation is not None else ():
        yield _text(part).partition("<")[0].partition(".")[0].strip()


def _without_functions(node: Node) -> list[Node]:
    """The names in a decorator outside of functions: those are there to be called later."""
    found: list[Node] = []
    stack = list(node.named_children)
    while stack:
        part = stack.pop()
        if part.type in _FUNCTIONS or part.type == "method_definition" or part.type in _APART:
            continue
        if part.type in _NAMES:
            found.append(part)
        stack.extend(part.named_children)
    return found
