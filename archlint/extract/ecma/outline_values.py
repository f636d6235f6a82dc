"""Which imported names an outline's file uses as values: TypeScript drops the other imports."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from tree_sitter import Node

from archlint.extract.ecma.grammar import CHAIN
from archlint.model.facts import ImportFacts

_NAMED_TYPES = frozenset({"type_identifier", "nested_type_identifier", "generic_type"})
_VALUES = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
)
_PARAMETERS = frozenset(
    {
        "required_parameter",
        "optional_parameter",
        "formal_parameters",
        "rest_pattern",
        "type_annotation",
    }
)
_TYPES = frozenset({"type_identifier", "nested_type_identifier", "generic_type"})
_VALUES = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
)
_PARAMETERS = frozenset(
    {
        "required_parameter",
        "optional_parameter",
        "formal_parameters",
        "rest_pattern",
        "type_annotation",
    }
)
_TYPES = frozenset(
    {
        "type_query", "nested_type_identifier", "function_type",
        "constructor_type", "function_signature", "method_signature", "call_signature",
        "construct_signature", "abstract_method_signature", "index_signature", "type_predicate",
        "type_predicate_annotation", "asserts", "asserts_annotation",
    }
)  # fmt: skip
_WORDS = frozenset(
    bytes([c]) for c in b"$_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)


def value_names(
    found: dict[str, list[Node]], data: bytes, root: Node, imports: Iterable[ImportFacts]
) -> tuple[str, ...]:
    """The imported names that stand where a value does; the others vanish with the types."""
    apart = sorted(
        (n.start_byte, n.end_byte) for sort in ("import", "export") for n in found.get(sort, ())
    )
    return tuple(n for n in _imported(imports) if _stands(n.encode(), data, root, apart))


def _imported(imports: Iterable[ImportFacts]) -> list[str]:
    """The local names of imports that are not of types alone, sorted."""
    kept = (item for item in imports if item.kind == "import" and not item.type_only)
    return sorted({local for item in kept for _, local in item.names})


def _stands(name: bytes, data: bytes, root: Node, apart: list[tuple[int, int]]) -> bool:
    """Whether a name stands for a value anywhere but in the parts, sorted, that are ``apart``."""
    size = len(name)
    at = data.find(name)
    while at >= 0:
        part = bisect_right(apart, (at, len(data))) - 1
        if part >= 0 and at < apart[part][1]:
            at = data.find(name, apart[part][1])
            continue
        if data[at - 1 : at] not in _WORDS and data[at + size : at + size + 1] not in _WORDS:
            node = root.descendant_for_byte_range(at, at + size)
            value = node is not None and node.start_byte == at and node.type in _VALUES
            if node is not None and value and not _in_type(node):
                return True
        at = data.find(name, at + 1)
    return False


def _in_type(node: Node) -> bool:
    """Whether a name is a part of a type: after ``typeof``, or of a signature's parameter."""
    outer = node.parent
    while outer is not None and outer.type in CHAIN:
        outer = outer.parent
    if outer is None or outer.type not in _PARAMETERS:
        return outer is not None and outer.type in _TYPES
    while outer is not None and outer.type in _PARAMETERS:
        outer = outer.parent
    return outer is not None and outer.type in _TYPES


def metadata_names(
    found: dict[str, list[Node]], imports: Iterable[ImportFacts], values: tuple[str, ...]
) -> tuple[str, ...]:
    """The other imported names that parameters' and fields' types begin with."""
    types = {
        re.split(r"[.<]", (node.text or b"").decode("utf-8", "replace"), maxsplit=1)[0].strip()
        for node in found.get("meta", ())
        if node.type in _NAMED_TYPES and not _in_type(node)
    }
    return tuple(name for name in _imported(imports) if name in types and name not in values)
