"""What lowering needs of a grammar: dispatch tables by kind id, and the ids it compares with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from tree_sitter import Language, Node

from archlint.model.ir import Expr, Property, Stmt, Type

if TYPE_CHECKING:
    from archlint.extract.ecma.lowering import Lowering

ExprHandler: TypeAlias = "Callable[[Lowering, Node, int], Expr]"
StmtHandler: TypeAlias = "Callable[[Lowering, Node, int, list[Stmt]], None]"
TypeHandler: TypeAlias = "Callable[[Lowering, Node, int], Type]"
EntryHandler: TypeAlias = "Callable[[Lowering, Node, int], Property]"
Handler = TypeVar("Handler")

ERROR = 65535
"""Kind id of a node that holds what the parser could not place."""

EXPRESSIONS: dict[str, ExprHandler] = {}
ENTRIES: dict[str, EntryHandler] = {}
STATEMENTS: dict[str, StmtHandler] = {}
TYPES: dict[str, TypeHandler] = {}

FUNCTIONS = ("arrow_function", "function_expression", "generator_function")
CLASSES = ("class", "class_declaration", "abstract_class_declaration")
CHAIN = frozenset(
    {
        "member_expression", "call_expression", "subscript_expression", "nested_identifier",
        "instantiation_expression",
    }
)  # fmt: skip
_TYPES = frozenset(
    {
        "type_query", "nested_type_identifier", "function_type",
        "constructor_type", "function_signature", "method_signature", "call_signature",
        "construct_signature", "abstract_method_signature", "index_signature", "type_predicate",
        "type_predicate_annotation", "asserts", "asserts_annotation",
    }
)  # fmt: skip
"""What a path of names, calls and members is made of."""
_FUNCTION_KINDS = {
    "arrow_function": "arrow",
    "method_definition": "method",
    "method_signature": "method",
    "abstract_method_signature": "method",
    "class_static_block": "static-block",
}
_IGNORED = frozenset(
    {"comment", "html_comment", "jsx_text", "html_character_reference", "jsx_closing_element"}
)


def _registrar(
    table: dict[str, Handler],
) -> Callable[..., Callable[[Handler], Handler]]:
    def register(*names: str) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            for name in names:
                table[name] = handler
            return handler

        return add

    return register


expression: Callable[..., Callable[[ExprHandler], ExprHandler]] = _registrar(EXPRESSIONS)
entry: Callable[..., Callable[[EntryHandler], EntryHandler]] = _registrar(ENTRIES)
statement: Callable[..., Callable[[StmtHandler], StmtHandler]] = _registrar(STATEMENTS)
type_expression: Callable[..., Callable[[TypeHandler], TypeHandler]] = _registrar(TYPES)


class Grammar:
    """One grammar's tables; ``expr`` and ``stmt`` map tokens and comments to None."""

    def __init__(self, language: Language) -> None:
        self._language = language
        named: dict[int, str] = {}
        self.expr: dict[int, ExprHandler | None] = {}
        self.entries: dict[int, EntryHandler | None] = {}
        self.stmt: dict[int, StmtHandler | None] = {}
        self.types: dict[int, TypeHandler] = {}
        for kind in (*range(language.node_kind_count), ERROR):
            name = "ERROR" if kind == ERROR else language.node_kind_for_id(kind) or ""
            is_named = kind == ERROR or language.node_kind_is_named(kind)
            if is_named:
                named[kind] = name
            handle = _expr_handler(name, is_named)
            self.expr[kind] = handle
            self.entries[kind] = ENTRIES.get(name, ENTRIES[""]) if handle else None
            self.stmt[kind] = _stmt_handler(name, is_named)
            self.types[kind] = TYPES.get(name, TYPES[""])
        self._named = named
        self._set_ids()
        self._set_fields()

    def _set_ids(self) -> None:
        one = self._id
        self.identifier = one("identifier")
        self.member = one("member_expression")
        self.call = one("call_expression")
        self.subscript = one("subscript_expression")
        self.binary = one("binary_expression")
        self.ternary = one("ternary_expression")
        self.assignment = one("assignment_expression")
        self.parenthesized = one("parenthesized_expression")
        self.template = one("template_string")
        self.substitution = one("template_substitution")
        self.fragment = one("string_fragment")
        self.string = one("string")
        self.number = one("number")
        self.property_name = one("property_identifier")
        self.comma = self.token(",")
        self.computed = one("computed_property_name")
        self.optional_chain = one("optional_chain")
        self.arguments = one("arguments")
        self.type_arguments = one("type_arguments")
        self.block = one("statement_block")
        self.if_statement = one("if_statement")
        self.comment = one("comment")
        self.decorator = one("decorator")
        self.type_annotation = one("type_annotation")
        self.static_block = one("class_static_block")
        self.import_ = one("import")
        words = {"const": "const", "let": "let", "using": "using", "await": "await using"}
        self.keywords = {self.token(word): op for word, op in words.items()}
        self.declarator = one("variable_declarator")
        self.in_statement = self.ids("internal_module", "function_signature")
        self.this = one("this")
        self.arrow = one("arrow_function")
        self.formal_parameters = one("formal_parameters")
        self.type_parameters = one("type_parameters")
        self._set_function_ids()
        self.named_values = self.ids(*FUNCTIONS, "class")
        self.functions = self.ids(*FUNCTIONS)
        self.extras = self.ids("comment", "html_comment") | {ERROR}
        self.spine = self.ids("call_expression", "member_expression", "subscript_expression")

    def _set_function_ids(self) -> None:
        self.function_kinds = {self._id(name): kind for name, kind in _FUNCTION_KINDS.items()}
        words = ("async", "*", "static", "get", "set")
        self.function_words = {self.token(word): word for word in words}
        self.annotations = self.ids(
            "type_annotation", "asserts_annotation", "type_predicate_annotation"
        )
        self.typed_parameters = self.ids("required_parameter", "optional_parameter")
        self.property_words = self.ids("accessibility_modifier", "override_modifier") | {
            self.token("readonly")
        }

    def _set_fields(self) -> None:
        field = self._field
        self.f_name = field("name")
        self.f_value = field("value")
        self.f_body = field("body")
        self.f_object = field("object")
        self.f_property = field("property")
        self.f_function = field("function")
        self.f_constructor = field("constructor")
        self.f_arguments = field("arguments")
        self.f_index = field("index")
        self.f_left = field("left")
        self.f_right = field("right")
        self.f_operator = field("operator")
        self.f_argument = field("argument")
        self.f_condition = field("condition")
        self.f_consequence = field("consequence")
        self.f_alternative = field("alternative")
        self.f_source = field("source")
        self.f_declaration = field("declaration")
        self.f_type = field("type")
        self.f_key = field("key")
        self.f_parameters = field("parameters")
        self.f_return_type = field("return_type")
        self.f_pattern = field("pattern")
        self.f_alias = field("alias")
        self.f_kind = field("kind")
        self.f_label = field("label")
        self.f_initializer = field("initializer")
        self.f_increment = field("increment")
        self.f_parameter = field("parameter")
        self.f_open_tag = field("open_tag")

    def _id(self, name: str) -> int:
        """Id of a named kind; -1 where the grammar lacks it."""
        found = self._language.id_for_node_kind(name, True)
        return -1 if found is None else found

    def _field(self, name: str) -> int:
        """Id of a field; 0 (which no node has) where the grammar lacks it."""
        return self._language.field_id_for_name(name) or 0

    def token(self, text: str) -> int:
        """Id of an anonymous token; -1 where the grammar lacks it."""
        found = self._language.id_for_node_kind(text, False)
        return -1 if found is None else found

    def ids(self, *names: str) -> frozenset[int]:
        """Ids of the named kinds that the grammar has."""
        wanted = set(names)
        return frozenset(kind for kind, name in self._named.items() if name in wanted)


def _expr_handler(name: str, is_named: bool) -> ExprHandler | None:
    if not is_named or name in _IGNORED:
        return None
    return EXPRESSIONS.get(name, EXPRESSIONS[""])


def _stmt_handler(name: str, is_named: bool) -> StmtHandler | None:
    if not is_named or name in {"jsx_text", "jsx_closing_element"}:
        return None
    return STATEMENTS.get(name, STATEMENTS[""])


_GRAMMARS: dict[Language, Grammar] = {}


def grammar_of(language: Language) -> Grammar:
    """The tables of a language, built once per process."""
    grammar = _GRAMMARS.get(language)
    if grammar is None:
        grammar = _GRAMMARS[language] = Grammar(language)
    return grammar


def significant(grammar: Grammar, nodes: Iterable[Node]) -> list[Node]:
    """``nodes`` without comments and unreadable parts, for places where position decides."""
    extras = grammar.extras
    return [node for node in nodes if node.kind_id not in extras]
