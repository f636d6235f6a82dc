"""Framework tables: which calls, decorators, methods and files are entry points.

A table is a TOML file under ``knowledge/frameworks/<runtime>/`` (or a ``[[frameworks]]`` entry of
the user's configuration with the same keys). It names the outside world by canonical names:
``npm:express().get`` (Node.js: ``.name`` a member, ``()`` what calling or constructing gives) or
``net/http.ServeMux.Handle`` (Go). ``{a,b}`` in a name stands for alternatives.

Selectors choose arguments of a call: ``"1"`` (from 0), ``"-1"`` (the last), ``"1.."`` (from 1 on),
``"0.handler"`` (a field of an object argument), ``"0.*"`` (all its fields).

Labels are templates: ``{name}`` the callee's, decorator's or method's own name, ``{NAME}`` the
same in capitals, ``{path}`` the route path with all prefixes, ``{0}``, ``{0.queue}`` a literal
argument by selector, ``{class}`` and ``{method}`` the owner's and the handler's name, ``{field}``
the fields of an object that lead to the handler, ``{key}`` the field that holds the call,
``{file}`` a route that was derived from a file's path. An unknown part shows as ``*``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from archlint.knowledge.tables import names, table
from archlint.model.errors import ArchlintError
from archlint.model.finding import Context
from archlint.model.pattern import lazy_regex


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of the tables: unknown keys are errors."""


class CallEntry(_Table, frozen=True):
    """``[[call]]``: a call that registers handlers.

    ``path`` selects the route's path (prefixes of the receiver are put before it), ``verb`` its
    method when no part of the callee's name. ``role`` is handler, middleware, error, hook or
    callback (no entry point: only says what a callback is passed). ``params`` are canonical
    values of the handlers' parameters. ``fields`` says that a handler argument may be an object
    whose functions are the handlers (``deep``: at any depth).
    """

    callee: tuple[str, ...]
    handlers: tuple[str, ...]
    kind: Context = Context.REQUEST
    label: str = "{NAME} {path}"
    path: str = ""
    verb: str = ""
    role: str = "handler"
    params: tuple[str, ...] = ()
    fields: bool = False
    deep: bool = False
    thunk: bool = False
    """A function where the table of handlers is expected returns that table."""
    only: tuple[str, ...] = ()
    """Literal values of argument 0 for which the entry holds; empty for all."""
    excluding: tuple[str, ...] = ()
    """Literal values of argument 0 for which the entry does not hold."""
    min_args: int = 1
    methods: str = ""
    """Go: selects the text that maps verbs to the handler type's methods (``get:List;*:All``).

    Node.js: the methods of a handler's class that serve (``index,show,store``).
    """
    named: str = ""
    """Node.js: what the last argument, a text such as ``users.list``, names a handler in."""
    member: str = ""
    """Node.js: selects the name of a method of what the receiver was made from (argument 0)."""
    serves: tuple[str, ...] = ()
    """Go: the methods of a handler's type that serve, with ``*`` as a wildcard."""
    router: str = ""
    """Go: selects the router, where it is an argument in place of the receiver."""


class MountEntry(_Table, frozen=True):
    """``[[mount]]``: a call that puts a router, plugin or group under a prefix.

    ``routers`` selects the mounted values. A mounted function gets the sub-router as parameter
    ``parameter`` (-1: none); ``result`` says that the call returns the sub-router.
    """

    callee: tuple[str, ...]
    path: str = ""
    routers: str = ""
    parameter: int = -1
    result: bool = False
    folder: str = ""
    """Selects a folder whose modules' default exports are mounted under their own paths."""
    loader: tuple[str, ...] = ()
    """Values of ``routers`` for which ``folder`` holds (``npm:@fastify/autoload``)."""
    router: str = ""
    """Go: selects the router, where it is an argument in place of the receiver."""
    sets: bool = False
    """The call changes the router that it is called on."""


class DecoratorEntry(_Table, frozen=True):
    """``[[decorator]]``: a decorator (canonical ``name``) on a method, class or parameter.

    ``prefix`` names the class decorators whose argument 0 (or its ``path`` field) precedes the
    path; ``methods`` are the methods that are called when it stands ``on = "class"``; ``within``
    restricts it to classes with one of these decorators. With ``verb`` argument 0 is the verb, and
    the path follows it.
    """

    name: tuple[str, ...]
    kind: Context = Context.REQUEST
    label: str = "{NAME} {path}"
    on: str = "method"
    prefix: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    verb: str = ""
    operations: str = ""
    """On a class that argument 0 describes (OpenAPI): the field of an operation with its method."""
    params: tuple[str, ...] = ()


class MethodEntry(_Table, frozen=True):
    """``[[method]]``: methods that the framework calls on what implements or extends ``type``."""

    type: tuple[str, ...]
    methods: tuple[str, ...]
    kind: Context = Context.REQUEST
    label: str = "{class}.{method}"
    params: tuple[str, ...] = ()
    static: bool = False
    within: tuple[str, ...] = ()


class FileEntry(_Table, frozen=True):
    """``[[file]]``: files whose exports are handlers, by glob relative to a component's root.

    It holds in packages that depend on one of ``requires``. ``exports`` are names (``*`` for all);
    ``route`` is a regex on the path whose group 1 is the route; ``fields`` says that an export may
    be an object whose functions are the handlers (``{field}`` in the label). ``handlers`` chooses
    among them instead (``actions.*.handler``), also in an object that an exported function returns,
    if it has all the fields of ``having``. ``role`` callback: no entry point, only parameters;
    weak: only where neither a deployment document nor its class says what the function is.
    """

    glob: tuple[str, ...]
    exports: tuple[str, ...]
    kind: Context = Context.REQUEST
    label: str = "{NAME} {file}"
    requires: tuple[str, ...] = ()
    route: str = ""
    params: tuple[str, ...] = ()
    fields: bool = False
    handlers: tuple[str, ...] = ()
    having: tuple[str, ...] = ()
    thunk: bool = False
    """The export is a function that gives the handler."""
    role: str = "handler"


class DirectiveEntry(_Table, frozen=True):
    """``[[directive]]``: functions that begin with a string, or the exports of a file that does."""

    text: str
    label: str = "{name}"
    kind: Context = Context.REQUEST
    requires: tuple[str, ...] = ()


class ProcessEntry(_Table, frozen=True):
    """``[[process]]``: a call that runs a file of the repo in another thread or process.

    ``exports`` of the file (``*`` for all) are called there. ``handler`` selects the text
    ``module.export`` in place of them, for code that is deployed apart: no call runs it. The module
    lies in the folder that ``folder`` selects, or the file beside the call is meant.
    """

    callee: tuple[str, ...]
    file: str = "0"
    exports: tuple[str, ...] = ()
    handler: str = ""
    folder: str = ""
    kind: Context = Context.BACKGROUND
    label: str = "worker {file}"


class TypedEntry(_Table, frozen=True):
    """``[[typed]]``: what functions declared to be of a function ``type`` are passed.

    In Go also: functions with these parameters (pointers stripped) are handlers of that type.
    """

    type: tuple[str, ...]
    params: tuple[str, ...]


class LoopEntry(_Table, frozen=True):
    """``[[loop]]`` (Go): waiting for messages in a loop makes the function an entry point.

    ``callee`` are the calls that wait, ``element`` what channels of messages hold.
    """

    label: str
    callee: tuple[str, ...] = ()
    element: tuple[str, ...] = ()
    kind: Context = Context.BACKGROUND


class TagEntry(_Table, frozen=True):
    """``[[tag]]`` (Go): a struct's field with this tag holds a command of the command line.

    ``package`` is who reads the tags; ``methods`` are called on the field's type.
    """

    package: tuple[str, ...]
    tag: str
    methods: tuple[str, ...]
    label: str = "command {name}"


class FolderEntry(_Table, frozen=True):
    """``[[folder]]``: a value whose members are the modules of a folder of the package.

    ``app.controller.userNotes`` is the module ``app/controller/user_notes.js``. ``instances`` says
    that classes are instantiated and functions called; ``member`` names what stands for a module.
    A value that says nothing of its package means the only one that depends on ``requires``.
    """

    name: tuple[str, ...]
    folder: str
    requires: tuple[str, ...] = ()
    instances: bool = False
    member: str = ""


class Lend(_Table, frozen=True):
    """``[[lend]]``: what a repo hangs on ``holder`` (a carrier) is a member of ``to``.

    ``*`` in ``to`` stands for any steps: ``npm:mongoose.model().*~`` is whatever a model's calls
    give when they are awaited.
    """

    holder: str
    to: tuple[str, ...]


class Alias(_Table, frozen=True):
    """``[[alias]]``: ``name`` means ``is``: types of instances, chainable calls, re-exports."""

    name: tuple[str, ...]
    means: str


class Framework(_Table, frozen=True):
    """One framework's table with where its facts come from."""

    name: str
    source: str
    version: str
    date: str
    runtime: str = "node"
    packages: tuple[str, ...] = ()
    tracked: tuple[str, ...] = ()
    """Values with an identity: routers, servers and emitters, told apart by where they are made."""
    wrappers: tuple[str, ...] = ()
    """Calls that give a function which runs their argument 0 (``npm:express-async-handler``)."""
    describers: tuple[str, ...] = ()
    """Calls' results that stand for argument 0, a route's description (``npm:x.createRoute()``)."""
    factories: tuple[str, ...] = ()
    """Calls that give what the function in argument 0 returns (``npm:awilix-koa.inject``)."""
    invokers: tuple[str, ...] = ()
    """Values whose call with a name gives that method of what argument 0 of their making gives."""
    loaders: tuple[str, ...] = ()
    """Calls that load all modules of the folder that argument 0 names (``npm:require-all``)."""
    carriers: tuple[str, ...] = ()
    """Objects handed to handlers on which repos hang properties of their own (``req.user = x``)."""
    containers: tuple[str, ...] = ()
    """How the names of containers begin that give an object for a class or token."""
    call: tuple[CallEntry, ...] = ()
    mount: tuple[MountEntry, ...] = ()
    decorator: tuple[DecoratorEntry, ...] = ()
    method: tuple[MethodEntry, ...] = ()
    file: tuple[FileEntry, ...] = ()
    directive: tuple[DirectiveEntry, ...] = ()
    alias: tuple[Alias, ...] = ()
    lend: tuple[Lend, ...] = ()
    folder: tuple[FolderEntry, ...] = ()
    process: tuple[ProcessEntry, ...] = ()
    typed: tuple[TypedEntry, ...] = ()
    loop: tuple[LoopEntry, ...] = ()
    tag: tuple[TagEntry, ...] = ()


_BRACES = lazy_regex(r"\{([^{}]*)\}")


@cache
def expand(pattern: str) -> tuple[str, ...]:
    """All names that ``{a,b}`` alternatives spell: ``x.{get,put}`` -> ``x.get``, ``x.put``."""
    match = _BRACES.search(pattern)
    if match is None:
        return (pattern,)
    head, tail = pattern[: match.start()], pattern[match.end() :]
    return tuple(
        name for option in match.group(1).split(",") for name in expand(head + option + tail)
    )


def parse_framework(data: dict[str, Any], where: str) -> Framework:
    """Check one table; raises ArchlintError with ``where`` and the reason."""
    try:
        return msgspec.convert(data, Framework)
    except msgspec.ValidationError as error:
        raise ArchlintError(f"{where}: {error}") from None


@cache
def frameworks(runtime: str) -> tuple[Framework, ...]:
    """The packaged tables of a runtime (``node`` or ``go``), sorted by name."""
    found = [table(name, Framework) for name in names(f"frameworks/{runtime}")]
    return tuple(sorted(found, key=lambda framework: framework.name))
