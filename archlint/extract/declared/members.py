"""Members of a class or interface body, lowered by name."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.declared.records import Field
from archlint.extract.ecma.lowering import Lowering
from archlint.extract.ecma.types import annotation, function_type, type_of
from archlint.model.ir import TField, TFunc, Type

_SIGNATURES = {"call_signature": "()", "construct_signature": "new", "index_signature": "[]"}
_METHODS = frozenset({"method_signature", "abstract_method_signature", "method_definition"})
_ACCESSORS = frozenset({"get", "set"})


class Body:
    """The members of one body; found by name at the first question."""

    def __init__(self, lowering: Lowering, node: Node) -> None:
        self._s = lowering
        self._node = node
        self._index: dict[tuple[str, bool], list[Node]] | None = None
        self._lowered: dict[tuple[str, bool], tuple[Field, ...]] = {}

    def member(self, name: str, *, static: bool) -> tuple[Field, ...]:
        """The members of that name, overloads in order."""
        key = (name, static)
        found = self._lowered.get(key)
        if found is None:
            nodes = self._nodes().get(key, ())
            found = self._lowered[key] = tuple(
                field for node in nodes if (field := self._field(node)) is not None
            )
        return found

    def _nodes(self) -> dict[tuple[str, bool], list[Node]]:
        if self._index is None:
            self._index = {}
            for node in self._node.children:
                if node.is_named:
                    name, static = self._name(node)
                    if name:
                        self._index.setdefault((name, static), []).append(node)
        return self._index

    def _name(self, node: Node) -> tuple[str, bool]:
        name = node.child_by_field_id(self._s.grammar.f_name)
        if node.type in _SIGNATURES:
            return _SIGNATURES[node.type], False
        if name is None:
            return "", False
        text = self._s.text(name)
        if name.kind_id == self._s.grammar.string:
            text = text[1:-1]
        return text, any(kid.type == "static" for kid in node.children[:3])

    def _field(self, node: Node) -> Field | None:
        s, kind = self._s, node.type
        words = {kid.type for kid in node.children if not kid.is_named}
        if kind == "construct_signature":
            return Field(TFunc((), (TField("", self._constructed(node)),)))
        if kind == "index_signature":
            return Field(annotation(s, node.child_by_field_id(s.grammar.f_type), 1))
        if kind == "call_signature" or kind in _METHODS:
            signature = function_type(s, node, 1)
            if not words & _ACCESSORS:
                return Field(signature, "?" in words)
            if "set" in words or not isinstance(signature, TFunc):
                return None
            return Field(signature.results[0].type if signature.results else None)
        return Field(annotation(s, node.child_by_field_id(s.grammar.f_type), 1), "?" in words)

    def _constructed(self, node: Node) -> Type | None:
        """What ``new`` gives."""
        found = node.child_by_field_id(self._s.grammar.f_type)
        if found is None:
            return None
        if found.type == "type_annotation":
            return annotation(self._s, found, 1)
        return type_of(self._s, found, 1)
