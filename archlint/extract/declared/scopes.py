"""One scope of a declaration file: its own names, what it exports and what it imports."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from archlint.extract.declared.members import Body
from archlint.extract.declared.records import Declared, Export, TypeParam
from archlint.extract.ecma.lowering import Lowering
from archlint.extract.ecma.types import annotation, function_type, type_arguments, type_of
from archlint.model.ir import TName, Type

_KINDS = {
    "function_signature": "function", "function_declaration": "function",
    "generator_function_declaration": "function", "class_declaration": "class",
    "abstract_class_declaration": "class", "class": "class",
    "interface_declaration": "interface", "type_alias_declaration": "alias",
    "enum_declaration": "enum", "internal_module": "namespace", "module": "namespace",
    "variable_declarator": "value",
}  # fmt: skip
_LISTS = frozenset({"lexical_declaration", "variable_declaration"})
_NAMED = frozenset({"identifier", "nested_identifier", "member_expression"})
DEFAULT = "default"
WHOLE = "="


class Scope:
    """The top level of a file, of a ``declare module`` or of a namespace."""

    def __init__(self, path: str, lowering: Lowering, body: Node, parent: Scope | None) -> None:
        self.path = path
        self.parent = parent
        self.exports: dict[str, Export] = {}
        """Exported name to its meaning; ``default``, and ``=`` for ``export =``."""
        self.stars: list[str] = []
        """Modules of which everything is exported."""
        self.imports: dict[str, Export] = {}
        self.modules: dict[str, Node] = {}
        """The bodies of ``declare module "name"``."""
        self._s = lowering
        self._nodes: dict[str, list[Node]] = {}
        self._lowered: dict[str, tuple[Declared, ...]] = {}
        for node in body.children:
            if node.is_named:
                self._statement(node)

    def declared(self, name: str) -> tuple[Declared, ...]:
        """The declarations of a name in this scope itself."""
        found = self._lowered.get(name)
        if found is None:
            nodes = self._nodes.get(name, ())
            found = self._lowered[name] = tuple(self._lower(node, name) for node in nodes)
        return found

    def below(self, body: Node) -> Scope:
        """The scope of a namespace or module inside this one."""
        return Scope(self.path, self._s, body, self)

    # -------------------------------------------------------------- statements

    def _statement(self, node: Node) -> None:
        kind = node.type
        if kind == "export_statement":
            self._export(node)
        elif kind in {"ambient_declaration", "expression_statement"}:
            self._ambient(node)
        elif kind == "import_statement":
            self._import(node)
        elif kind == "import_alias":
            self._alias(node)
        else:
            self._declare(node)

    def _ambient(self, node: Node) -> None:
        """``declare x``; a namespace without ``declare`` parses as an expression."""
        for kid in node.children:
            if kid.type == "statement_block":  # declare global
                for inner in kid.children:
                    if inner.is_named:
                        self._statement(inner)
            elif kid.is_named:
                self._statement(kid)

    def _declare(self, node: Node, alias: str = "") -> str:
        """Note a declaration under its name; returns the name."""
        if node.type in _LISTS:
            for kid in node.children:
                if kid.type == "variable_declarator":
                    alias = self._declare(kid)
            return alias
        if node.type not in _KINDS:
            return ""
        name_node = node.child_by_field_id(self._s.grammar.f_name)
        name = self._s.text(name_node) if name_node is not None else alias
        if name[:1] in {"'", '"'}:
            body = node.child_by_field_name("body")
            if body is not None:
                self.modules[name[1:-1]] = body
            return ""
        self._nodes.setdefault(name.partition(".")[0], []).append(node)
        return name

    def _export(self, node: Node) -> None:
        words = {kid.type for kid in node.children if not kid.is_named}
        source = node.child_by_field_id(self._s.grammar.f_source)
        specifier = self._s.text(source)[1:-1] if source is not None else ""
        if "as" in words and "namespace" in words:
            return
        for kid in node.children:
            if kid.type == "export_clause":
                self._clause(kid, specifier)
            elif kid.type == "namespace_export":
                self.exports[self._s.text(kid.children[-1])] = Export("*", specifier)
            elif kid.type == "*":
                self.stars.append(specifier)
            elif kid.type in _NAMED and ("=" in words or DEFAULT in words):
                name = WHOLE if "=" in words else DEFAULT
                self.exports[name] = Export(self._s.text(kid))
            elif kid.is_named and kid.type != "string":
                self._exported(kid, DEFAULT in words)

    def _exported(self, node: Node, default: bool) -> None:
        """A declaration with ``export`` before it."""
        inner = node
        if node.type == "ambient_declaration":
            inner = next((kid for kid in node.children if kid.is_named), node)
        if inner.type in {"import_alias", "import_statement"}:
            before = set(self.imports)
            self._statement(inner)
            self.exports.update((k, v) for k, v in self.imports.items() if k not in before)
            return
        name = self._declare(inner, DEFAULT)
        if default and name:
            self.exports[DEFAULT] = Export(name)

    def _clause(self, node: Node, specifier: str) -> None:
        for kid in node.children:
            if kid.type == "export_specifier":
                name, alias = self._specifier(kid)
                self.exports[alias] = Export(name, specifier)

    def _specifier(self, node: Node) -> tuple[str, str]:
        g = self._s.grammar
        name = node.child_by_field_id(g.f_name)
        alias = node.child_by_field_id(g.f_alias)
        text = self._s.text(name) if name is not None else ""
        return text, self._s.text(alias) if alias is not None else text

    def _import(self, node: Node) -> None:
        g = self._s.grammar
        source = node.child_by_field_id(g.f_source)
        for kid in node.children:
            if kid.type == "import_require_clause":
                source = kid.child_by_field_id(g.f_source)
                name = next((k for k in kid.children if k.kind_id == g.identifier), None)
                if source is not None and name is not None:
                    self.imports[self._s.text(name)] = Export(WHOLE, self._s.text(source)[1:-1])
            elif kid.type == "import_clause" and source is not None:
                self._names(kid, self._s.text(source)[1:-1])

    def _names(self, clause: Node, specifier: str) -> None:
        for kid in clause.children:
            if kid.type == "identifier":
                self.imports[self._s.text(kid)] = Export(DEFAULT, specifier)
            elif kid.type == "namespace_import":
                self.imports[self._s.text(kid.children[-1])] = Export("*", specifier)
            elif kid.type == "named_imports":
                for item in kid.children:
                    if item.type == "import_specifier":
                        name, alias = self._specifier(item)
                        self.imports[alias] = Export(name, specifier)

    def _alias(self, node: Node) -> None:
        """``import A = B.C``."""
        named = [kid for kid in node.children if kid.is_named]
        if len(named) == 2:
            self.imports[self._s.text(named[0])] = Export(self._s.text(named[1]))

    # ---------------------------------------------------------------- lowering

    def _lower(self, node: Node, name: str) -> Declared:
        s, kind = self._s, _KINDS[node.type]
        made = Declared(kind, name, self)
        if kind == "function":
            made.type = function_type(s, node, 1)
        elif kind in {"value", "alias"}:
            field = "type" if kind == "value" else "value"
            found = node.child_by_field_name(field)
            if found is not None:
                made.type = annotation(s, found, 1) if kind == "value" else type_of(s, found, 1)
        elif kind == "namespace":
            made.inner = self._namespace(node)
        elif kind in {"class", "interface"}:
            made.bases, made.open_base = self._bases(node)
            body = node.child_by_field_name("body")
            made.body = Body(s, body) if body is not None else None
        made.params = tuple(self._type_params(node))
        return made

    def _namespace(self, node: Node) -> Scope | None:
        """The scope of ``namespace A``; that of ``namespace A.B`` holds a scope for B."""
        body = node.child_by_field_name("body")
        name = node.child_by_field_id(self._s.grammar.f_name)
        if body is None or name is None:
            return None
        scope = self
        inner = self.below(body)
        for part in reversed(self._s.text(name).split(".")[1:]):
            inner.parent = self
            scope = Scope.__new__(Scope)
            scope._nest(self, part, inner)
            inner = scope
        return inner

    def _nest(self, outer: Scope, name: str, inner: Scope) -> None:
        """Become a scope that holds one namespace."""
        self.path, self.parent, self._s = outer.path, outer, outer._s
        self.exports, self.stars, self.imports, self.modules = {}, [], {}, {}
        self._nodes = {}
        self._lowered = {name: (Declared("namespace", name, self, inner=inner),)}

    def _type_params(self, node: Node) -> Iterator[TypeParam]:
        s = self._s
        found = node.child_by_field_name("type_parameters")
        for kid in found.children if found is not None else ():
            name = kid.child_by_field_id(s.grammar.f_name) if kid.is_named else None
            if name is None:
                continue
            bound = annotation(s, kid.child_by_field_name("constraint"), 1)
            default = annotation(s, kid.child_by_field_name("value"), 1)
            yield TypeParam(s.text(name), bound, default)

    def _bases(self, node: Node) -> tuple[tuple[Type, ...], bool]:
        """What a class or interface extends, and whether some of it cannot be told."""
        bases: list[Type] = []
        unknown = False
        for kid in node.children:
            if kid.type == "extends_type_clause":
                bases.extend(type_of(self._s, k, 1) for k in kid.children if k.is_named)
            elif kid.type == "class_heritage":
                for clause in kid.children:
                    if clause.type == "extends_clause":
                        base = self._base(clause)
                        unknown = unknown or base is None
                        bases.extend(() if base is None else (base,))
        return tuple(bases), unknown

    def _base(self, clause: Node) -> Type | None:
        value = clause.child_by_field_name("value")
        if value is None or value.type not in _NAMED:
            return None
        found = clause.child_by_field_name("type_arguments")
        args = type_arguments(self._s, found, 1) if found is not None else ()
        return TName(self._s.text(value), args)
