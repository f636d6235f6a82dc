"""The intermediate representation: one small tree for JavaScript, TypeScript and Go.

The extractors lower a syntax tree to these nodes; everything after them reads only these.
They are the symbolic expressions that the linker evaluates on demand.

Shapes and units, for every node:
- ``at`` and ``end`` are zero-based byte offsets into the file (``Positions`` in
  ``archlint.model.location`` turns them into lines and columns).
- sequences are tuples; an absent part is ``None`` or an empty tuple.
- patterns (destructuring) are expressions: ``Object``, ``Array``, ``Name``, ``Spread`` for the
  rest element and ``Assign(op="=")`` for a default value.
- a function or class inside an expression is a reference (``FunctionRef``, ``ClassRef``) by index
  into ``FileFacts.functions`` or ``FileFacts.classes``.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Node(msgspec.Struct, array_like=True, frozen=True, gc=False, tag_field="k"):
    """Base of every node: ``at`` is the byte offset where it starts."""

    at: int


# ---------------------------------------------------------------- expressions


class Name(Node, tag=1, frozen=True):
    """An identifier; also ``this``, ``super``, ``import`` (callee) and ``import.meta``."""

    id: str


class Literal(Node, tag=2, frozen=True):
    """A literal: ``kind`` is string, number, bool, null, regex, rune or undefined.

    ``value`` is the decoded text, cut at 500 characters; for a regex it is ``/source/flags``.
    """

    kind: str
    value: str


class Template(Node, tag=3, frozen=True):
    """A template string: literal text and expressions in order; ``tag`` for tagged ones."""

    parts: tuple[Expr, ...]
    tag: Expr | None = None


class Member(Node, tag=4, frozen=True):
    """``object.name``; in Go a selector, in JavaScript also ``object["name"]`` and ``?.``.

    ``at`` is where the object starts; ``name_at`` where the member's name starts.
    """

    object: Expr
    name: str
    name_at: int
    optional: bool = False


class Index(Node, tag=5, frozen=True):
    """``object[index]`` whose index is no string literal; in Go also generic instantiation."""

    object: Expr
    indices: tuple[Expr, ...]


class Call(Node, tag=6, frozen=True):
    """A call. ``paren`` is the offset of its ``(``; ``new`` marks ``new X()``.

    A Go conversion ``T(x)`` is a call too: the linker tells them apart.
    ``types`` are explicit type arguments. ``spread`` marks Go's ``f(xs...)``.
    """

    end: int
    paren: int
    callee: Expr
    args: tuple[Expr, ...]
    new: bool = False
    optional: bool = False
    types: tuple[Type, ...] = ()
    spread: bool = False


class Await(Node, tag=7, frozen=True):
    """``await value``."""

    value: Expr


class Yield(Node, tag=8, frozen=True):
    """``yield value`` or ``yield* value`` (``delegate``)."""

    value: Expr | None
    delegate: bool = False


class FunctionRef(Node, tag=9, frozen=True):
    """A function value or a hoisted function declaration: index into ``FileFacts.functions``."""

    index: int


class ClassRef(Node, tag=10, frozen=True):
    """A class expression or declaration: index into ``FileFacts.classes``."""

    index: int


class Property(Node, tag=11, frozen=True):
    """One entry of an ``Object`` or a ``Composite``.

    ``key`` is the static name (None when computed, in Go positional, or for a spread);
    ``kind`` is init, spread, get, set or method; ``computed`` is a non-literal key expression.
    """

    key: str | None
    value: Expr
    kind: str = "init"
    computed: Expr | None = None


class Object(Node, tag=12, frozen=True):
    """An object literal or object pattern."""

    entries: tuple[Property, ...]


class Array(Node, tag=13, frozen=True):
    """An array literal or array pattern; a hole is ``None``."""

    items: tuple[Expr | None, ...]


class Spread(Node, tag=14, frozen=True):
    """``...value``: spread in a literal or call, rest in a pattern."""

    value: Expr


class Unary(Node, tag=15, frozen=True):
    """A prefix operator: ``! - + ~ typeof void delete``, Go's ``& * <- ^``."""

    op: str
    value: Expr


class Binary(Node, tag=16, frozen=True):
    """A binary operator, the logical ones (``&& || ??``), ``in`` and ``instanceof`` included."""

    op: str
    left: Expr
    right: Expr


class Conditional(Node, tag=17, frozen=True):
    """``test ? then : other``."""

    test: Expr
    then: Expr
    other: Expr


class Sequence(Node, tag=18, frozen=True):
    """The comma operator."""

    items: tuple[Expr, ...]


class Cast(Node, tag=19, frozen=True):
    """TypeScript ``as``/``satisfies``/``<T>x``/``x!`` (type None) and Go's ``x.(T)`` (``assert``).

    Go's ``x.(type)`` has type None and ``assertion`` set.
    """

    value: Expr
    type: Type | None
    assertion: bool = False


class Composite(Node, tag=20, frozen=True):
    """Go's ``T{...}``; ``type`` is None where Go elides it inside an outer literal."""

    type: Type | None
    entries: tuple[Property, ...]


class SliceExpr(Node, tag=21, frozen=True):
    """Go's ``x[a:b:c]``."""

    object: Expr
    bounds: tuple[Expr, ...]


class Jsx(Node, tag=22, frozen=True):
    """A JSX element or fragment: ``name`` is a component (``Name``/``Member``) or None."""

    name: Expr | None
    attributes: tuple[Property, ...]
    children: tuple[Expr, ...]


class TypeExpr(Node, tag=23, frozen=True):
    """A type where an expression stands: Go's ``make([]T, n)``, ``new(T)``, ``[]byte(x)``."""

    type: Type


class Opaque(Node, tag=24, frozen=True):
    """Syntax that is not modelled, half-broken or nested too deep; its readable parts follow."""

    reason: str
    parts: tuple[Expr, ...] = ()


# ----------------------------------------------------------------- statements


class Assign(Node, tag=30, frozen=True):
    """An assignment or declaration; an expression in JavaScript, a statement in Go.

    ``op`` is ``=``, ``+=`` (and kin), ``++``, ``--``, ``:=`` (Go), ``var``, ``let``, ``const``,
    ``using`` or ``await using``. JavaScript declarations have one target and at most one value.
    """

    end: int
    op: str
    targets: tuple[Expr, ...]
    values: tuple[Expr, ...] = ()
    type: Type | None = None


class ExprStmt(Node, tag=31, frozen=True):
    """An expression as a statement."""

    end: int
    value: Expr


class Return(Node, tag=32, frozen=True):
    """``return``; Go may return several values."""

    end: int
    values: tuple[Expr, ...] = ()


class Throw(Node, tag=33, frozen=True):
    """``throw value``."""

    value: Expr


class If(Node, tag=34, frozen=True):
    """``if``; ``init`` is Go's simple statement before the condition."""

    end: int
    test: Expr
    then: tuple[Stmt, ...]
    other: tuple[Stmt, ...] = ()
    init: Stmt | None = None


class Loop(Node, tag=35, frozen=True):
    """A loop: ``kind`` is for, of, in, await-of, while, do or range (Go).

    of/in/await-of/range use ``targets`` (``op`` their declaration keyword, ``:=`` or ``=``) and
    ``subject``; for uses ``init``, ``test`` and ``update``. Go's bare ``for {}`` has no test.
    """

    end: int
    kind: str
    body: tuple[Stmt, ...]
    init: Stmt | None = None
    test: Expr | None = None
    update: Stmt | None = None
    targets: tuple[Expr, ...] = ()
    op: str = ""
    subject: Expr | None = None


class Case(Node, tag=36, frozen=True):
    """One case of a switch or select; ``tests`` is empty for default.

    Go's type switch has ``types``; Go's select has its communication in ``comm``.
    """

    tests: tuple[Expr, ...]
    body: tuple[Stmt, ...]
    types: tuple[Type, ...] = ()
    comm: Stmt | None = None


class Switch(Node, tag=37, frozen=True):
    """``kind`` is switch, type-switch or select; ``bind`` is the type switch's variable."""

    end: int
    kind: str
    subject: Expr | None
    cases: tuple[Case, ...]
    init: Stmt | None = None
    bind: str = ""


class Try(Node, tag=38, frozen=True):
    """``try``; ``handler`` is None without a catch clause (an empty one is ``()``)."""

    end: int
    body: tuple[Stmt, ...]
    param: Expr | None = None
    handler: tuple[Stmt, ...] | None = None
    handler_at: int = 0
    handler_comment: bool = False
    finalizer: tuple[Stmt, ...] = ()


class Block(Node, tag=39, frozen=True):
    """A nested block with its own scope."""

    body: tuple[Stmt, ...]


class Jump(Node, tag=40, frozen=True):
    """``break``, ``continue``, ``goto`` or ``fallthrough`` with an optional label."""

    kind: str
    label: str = ""


class Labeled(Node, tag=41, frozen=True):
    """``label: statement``."""

    label: str
    body: tuple[Stmt, ...]


class Spawn(Node, tag=42, frozen=True):
    """Go's ``go call``."""

    end: int
    call: Expr


class Defer(Node, tag=43, frozen=True):
    """Go's ``defer call``."""

    end: int
    call: Expr


class Send(Node, tag=44, frozen=True):
    """Go's ``channel <- value``."""

    channel: Expr
    value: Expr


class Declare(Node, tag=45, frozen=True):
    """A hoisted declaration in statement position: ``ref`` is the function, class or type."""

    ref: Expr
    name: str = ""


class TypeDecl(Node, tag=46, frozen=True):
    """A type declared inside a function: index into ``FileFacts.types``."""

    index: int


# ---------------------------------------------------------------------- types


class TypeNode(msgspec.Struct, array_like=True, frozen=True, gc=False, tag_field="k"):
    """Base of type expressions; they carry no position."""


class TName(TypeNode, tag=60, frozen=True):
    """A named type, qualified as written (``http.Handler``, ``Promise``), with type arguments."""

    name: str
    args: tuple[Type, ...] = ()


class TPointer(TypeNode, tag=61, frozen=True):
    """``*T``."""

    elem: Type


class TSlice(TypeNode, tag=62, frozen=True):
    """``[]T``, ``[n]T`` or TypeScript's ``T[]`` and ``readonly T[]``."""

    elem: Type


class TMap(TypeNode, tag=63, frozen=True):
    """Go's ``map[K]V``."""

    key: Type
    elem: Type


class TChan(TypeNode, tag=64, frozen=True):
    """Go's channel: ``direction`` is both, send or receive."""

    elem: Type
    direction: str = "both"


class TField(TypeNode, tag=65, frozen=True):
    """A struct field, interface property or object-type member; ``method`` for signatures."""

    name: str
    type: Type | None
    embedded: bool = False
    optional: bool = False
    method: bool = False
    tag: str = ""


class TFunc(TypeNode, tag=66, frozen=True):
    """A function type: parameters and results as fields (names may be empty)."""

    params: tuple[TField, ...]
    results: tuple[TField, ...]
    variadic: bool = False
    type_params: tuple[TField, ...] = ()


class TStruct(TypeNode, tag=67, frozen=True):
    """A struct, or TypeScript's object type."""

    fields: tuple[TField, ...]


class TInterface(TypeNode, tag=68, frozen=True):
    """An interface: methods and properties as fields; embedded interfaces and unions apart."""

    members: tuple[TField, ...]
    embeds: tuple[Type, ...] = ()


class TUnion(TypeNode, tag=69, frozen=True):
    """``A | B``; TypeScript's ``A & B`` has ``op`` ``&``; Go constraint terms may have ``~``."""

    members: tuple[Type, ...]
    op: str = "|"


class TTuple(TypeNode, tag=70, frozen=True):
    """A TypeScript tuple type."""

    items: tuple[Type, ...]


class TLiteral(TypeNode, tag=71, frozen=True):
    """A literal type, or one that is not modelled (``text``)."""

    text: str


class TQuery(TypeNode, tag=72, frozen=True):
    """TypeScript's ``typeof x.y`` (``op`` typeof), ``keyof``, indexed access (``op`` ``[]``).

    ``args`` are the object and the index of an indexed access.
    """

    op: str
    text: str
    args: tuple[Type, ...] = ()


Expr: TypeAlias = (
    Name
    | Literal
    | Template
    | Member
    | Index
    | Call
    | Await
    | Yield
    | FunctionRef
    | ClassRef
    | Object
    | Array
    | Spread
    | Unary
    | Binary
    | Conditional
    | Sequence
    | Cast
    | Composite
    | SliceExpr
    | Jsx
    | TypeExpr
    | Opaque
    | Assign
)

Stmt: TypeAlias = (
    Assign
    | ExprStmt
    | Return
    | Throw
    | If
    | Loop
    | Switch
    | Try
    | Block
    | Jump
    | Labeled
    | Spawn
    | Defer
    | Send
    | Declare
    | TypeDecl
)

Type: TypeAlias = (
    TName
    | TPointer
    | TSlice
    | TMap
    | TChan
    | TFunc
    | TStruct
    | TInterface
    | TUnion
    | TTuple
    | TLiteral
    | TQuery
)

AnyNode: TypeAlias = Expr | Stmt | Property | Case
