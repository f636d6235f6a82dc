"""Leaves and templates: names, strings with their escapes, numbers, regular expressions."""

from __future__ import annotations

import re

from tree_sitter import Node

from archlint.extract.ecma.grammar import expression
from archlint.extract.ecma.lowering import DEPTH, Lowering
from archlint.model.ir import Expr, Literal, Name, Template
from archlint.model.pattern import lazy_regex

LITERAL = 500
REGEX = 5000
_ESCAPE = lazy_regex(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))")
_SIMPLE = {
    "n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0",
    "\n": "", "\r": "", "\r\n": "", "\u2028": "", "\u2029": "",
}  # fmt: skip


def unescape(text: str) -> str:
    """Decode the escapes of a string; a lone surrogate becomes U+FFFD."""
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_decoded, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decoded(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2) or match.group(3)
    if code is None:
        return _SIMPLE.get(match.group(4), match.group(4))
    value = int(code[:8], 16)
    return chr(value) if value <= 0x10FFFF else "\ufffd"


def string_value(s: Lowering, node: Node) -> str:
    """The decoded text of a string node, cut at 500 characters."""
    start = node.start_byte + 1
    end = node.end_byte - 1
    if end - start > 4 * LITERAL:
        end = start + 4 * LITERAL
    text = s.src[start:end]
    if "\\" in text:
        text = unescape(text)
    return text[:LITERAL]


@expression(
    "identifier",
    "shorthand_property_identifier",
    "property_identifier",
    "private_property_identifier",
    "statement_identifier",
    "type_identifier",
    "this",
    "super",
    "import",
)
def name(s: Lowering, node: Node, d: int) -> Expr:
    """An identifier."""
    at = node.start_byte
    return Name(at, s.src[at : node.end_byte])


@expression("meta_property")
def meta_property(s: Lowering, node: Node, d: int) -> Expr:
    """``import.meta`` or ``new.target``."""
    return Name(node.start_byte, "".join(s.text(kid) for kid in node.children))


@expression("string")
def string(s: Lowering, node: Node, d: int) -> Expr:
    """A string literal."""
    value = string_value(s, node)
    s.strings.add(value)
    return Literal(node.start_byte, "string", value)


@expression("number")
def number(s: Lowering, node: Node, d: int) -> Expr:
    """A number or bigint, as written."""
    at = node.start_byte
    return Literal(at, "number", s.src[at : min(node.end_byte, at + LITERAL)])


@expression("true", "false")
def boolean(s: Lowering, node: Node, d: int) -> Expr:
    """A boolean."""
    return Literal(node.start_byte, "bool", s.text(node))


@expression("null")
def null(s: Lowering, node: Node, d: int) -> Expr:
    """``null``."""
    return Literal(node.start_byte, "null", "null")


@expression("undefined")
def undefined(s: Lowering, node: Node, d: int) -> Expr:
    """``undefined``."""
    return Literal(node.start_byte, "undefined", "undefined")


@expression("regex")
def regex(s: Lowering, node: Node, d: int) -> Expr:
    """A regular expression with its flags, cut at 5,000 characters."""
    at = node.start_byte
    return Literal(at, "regex", s.src[at : min(node.end_byte, at + REGEX)])


@expression("template_string")
def template(s: Lowering, node: Node, d: int) -> Expr:
    """A template string without a tag."""
    return Template(node.start_byte, template_parts(s, node, d + 1))


def template_parts(s: Lowering, node: Node, d: int) -> tuple[Expr, ...]:
    """Literal text (adjacent pieces joined) and expressions of a template, in order."""
    if d > DEPTH:
        return (s.too_deep(node),)
    parts: list[Expr] = []
    kids = node.children
    start = node.start_byte + 1
    for kid in kids:
        if kid.kind_id == s.grammar.substitution:
            _append_text(s, parts, start, kid.start_byte)
            parts.extend(s.many(kid, d))
            start = kid.end_byte
    _append_text(s, parts, start, node.end_byte - 1)
    return tuple(parts)


def _append_text(s: Lowering, parts: list[Expr], start: int, end: int) -> None:
    if end > start:
        text = unescape(s.src[start : min(end, start + 4 * LITERAL)])[:LITERAL]
        s.strings.add(text)
        parts.append(Literal(start, "string", text))
