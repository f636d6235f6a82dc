"""What one file says, as plain data: the unit that is cached, sent between processes and linked."""

from __future__ import annotations

from functools import cache

import msgspec

from archlint.model.ir import Expr, Stmt, TField, Type


class Facts(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Base of the fact records; ``at`` and ``end`` are byte offsets wherever they occur."""


class Decorator(Facts, frozen=True):
    """``@name(args)``: ``value`` is the expression after the ``@``."""

    at: int
    value: Expr


class Param(Facts, frozen=True):
    """A parameter; ``name`` is a pattern (``Name("")`` for Go's unnamed ones).

    ``property`` marks TypeScript parameter properties (``private x: T`` in a constructor).
    """

    name: Expr
    type: Type | None = None
    default: Expr | None = None
    rest: bool = False
    property: bool = False
    decorators: tuple[Decorator, ...] = ()


class FunctionFacts(Facts, frozen=True):
    """A function, method, closure, or (index 0) the module's top level.

    ``kind``: module, function, arrow, method, getter, setter, constructor, static-block or closure
    (Go). ``name`` is "" when anonymous and nothing names it; an arrow assigned to ``x`` is "x".
    ``results`` are Go's results and at most one TypeScript return type. ``receiver`` is Go's.
    ``parent`` is the enclosing function's index (-1 for the module), ``owner`` the class index
    for members (-1). A Go function without body (assembly) has ``body`` None.
    """

    index: int
    name: str
    kind: str
    at: int
    end: int
    params: tuple[Param, ...] = ()
    body: tuple[Stmt, ...] | None = ()
    is_async: bool = False
    generator: bool = False
    static: bool = False
    results: tuple[TField, ...] = ()
    receiver: TField | None = None
    type_params: tuple[TField, ...] = ()
    decorators: tuple[Decorator, ...] = ()
    parent: int = -1
    owner: int = -1
    name_at: int = 0


class ClassMember(Facts, frozen=True):
    """A class member: ``kind`` is method, getter, setter, constructor or field.

    Methods have ``function`` (an index; -1 for an abstract one), fields ``value`` and ``type``.
    """

    name: str
    kind: str
    at: int
    function: int = -1
    value: Expr | None = None
    type: Type | None = None
    static: bool = False
    decorators: tuple[Decorator, ...] = ()


class ClassFacts(Facts, frozen=True):
    """A JavaScript or TypeScript class; ``parent`` is the function that holds it."""

    index: int
    name: str
    at: int
    end: int
    members: tuple[ClassMember, ...] = ()
    extends: Expr | None = None
    implements: tuple[Type, ...] = ()
    decorators: tuple[Decorator, ...] = ()
    parent: int = 0
    type_params: tuple[TField, ...] = ()


class TypeFacts(Facts, frozen=True):
    """A declared type: ``kind`` is struct, interface, alias, defined (Go) or enum.

    ``parent`` is the enclosing function (0 for the module's top level).
    """

    index: int
    name: str
    kind: str
    at: int
    type: Type | None
    type_params: tuple[TField, ...] = ()
    parent: int = 0
    exported: bool = False


class ImportFacts(Facts, frozen=True):
    """An import. ``kind``: import, require, dynamic, export-from, import-equals, resolve or go.

    ``specifier`` is None when it is no string literal; then ``pattern`` holds its static parts with
    ``*`` for the rest (``./models/*``), or "". ``names`` maps imported to local names: ``*`` is the
    namespace (Go's alias or ``.``/``_`` too), ``default`` the default export. ``require`` and
    ``dynamic`` record where they occur; their binding is an ordinary ``Assign`` in the body.
    ``function`` is the function that holds it; ``guarded`` says that a try block does.
    """

    at: int
    end: int
    kind: str
    specifier: str | None
    names: tuple[tuple[str, str], ...] = ()
    type_only: bool = False
    function: int = 0
    guarded: bool = False
    pattern: str = ""


class ExportFacts(Facts, frozen=True):
    """An ECMAScript export: ``name`` is the exported name (``default``, ``*`` for ``export *``).

    ``value`` is what is exported (a ``Name`` or an expression), None for re-exports, which have
    ``specifier`` and ``source_name`` (``*`` for a whole namespace). CommonJS exports are ordinary
    assignments in the body.
    """

    at: int
    name: str
    value: Expr | None = None
    specifier: str | None = None
    source_name: str = ""
    type_only: bool = False


class Directive(Facts, frozen=True):
    """A comment that speaks to archlint: ``text`` is all after ``archlint-`` (``ignore X: why``).

    ``line`` counts from 1; ``own_line`` says that the comment stands alone on its line.
    """

    line: int
    text: str
    own_line: bool


class Match(Facts, frozen=True):
    """A match of a rule's query: capture name -> (at, end, text cut at 200 characters)."""

    rule: str
    captures: tuple[tuple[str, int, int, str], ...]


class FileFacts(Facts, frozen=True):
    """Everything that later stages know of a source file.

    ``language``: javascript, typescript, tsx or go. ``line_starts``: byte offset of each line.
    ``wide``: line (from 0) -> byte offsets, within the line, of UTF-8 continuation bytes; only
    lines that have some. ``comment_lines``: lines (from 1) on which a comment stands between or
    behind statements. ``problem``: why the file was only half-read ("" when it was read whole).
    ``package`` is Go's package name; ``constraint`` Go's build constraint text ("" for none),
    file-name constraints included; ``generated`` marks generated code; ``strings`` are, sorted,
    the different string literals of 2 to 100 characters of a JavaScript or TypeScript file;
    ``eager`` are the imported names that are read while the module is being loaded, ``emitted`` the
    others that are types of decorated fields.
    An ``outline`` has no functions' bodies, classes, types or exports: ``functions`` are the top
    level and, in JavaScript, one that stands for all others, whose bodies are empty; ``values``
    are then TypeScript's imported names that stand where a value is needed, ``metadata`` those
    others that are types of parameters and fields in a file with decorated classes.
    """

    path: str
    language: str
    size: int
    line_starts: tuple[int, ...]
    functions: tuple[FunctionFacts, ...]
    classes: tuple[ClassFacts, ...] = ()
    types: tuple[TypeFacts, ...] = ()
    imports: tuple[ImportFacts, ...] = ()
    exports: tuple[ExportFacts, ...] = ()
    directives: tuple[Directive, ...] = ()
    matches: tuple[Match, ...] = ()
    comment_lines: tuple[int, ...] = ()
    wide: tuple[tuple[int, tuple[int, ...]], ...] = ()
    package: str = ""
    constraint: str = ""
    generated: bool = False
    cgo: bool = False
    problem: str = ""
    strings: tuple[str, ...] = ()
    shebang: bool = False
    lines: int = 0
    eager: tuple[str, ...] = ()
    emitted: tuple[str, ...] = ()
    outline: bool = False
    values: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()


_ENCODER = msgspec.msgpack.Encoder()


@cache
def _decoder() -> msgspec.msgpack.Decoder[FileFacts]:
    """Built when facts are read: looking through all the types takes milliseconds."""
    return msgspec.msgpack.Decoder(FileFacts)


def encode_facts(facts: FileFacts) -> bytes:
    """Serialise facts to MessagePack; equal facts give equal bytes."""
    return _ENCODER.encode(facts)


def decode_facts(data: bytes) -> FileFacts:
    """Read what ``encode_facts`` wrote; raises msgspec.DecodeError on anything else."""
    return _decoder().decode(data)
