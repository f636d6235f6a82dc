"""What a handler looks like: shapes of function types that serve requests."""

from __future__ import annotations

from archlint.model.pattern import lazy_regex
from archlint.program.golang.select import select
from archlint.program.golang.types import Definition, Func, Named, Opaque, Type, deref, underlying

_PACKAGE = lazy_regex(r"(?:.*/)?[^/]*?(?=\.[A-Z]|\(|$)")
_WRITER = "net/http.ResponseWriter"
_REQUEST = "net/http.Request"
_HOSTS = {"github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitea.com", "golang.org"}
_CONTEXT = lazy_regex(r"(?:Context|Ctx|Req|Request|RequestEvent|Conn|Session)$")
_SETTING = lazy_regex(
    r"(?:Options?|Opts?|Config|Client|Response|Builder|Settings?|Error|Params?|Group|Router?)s?$"
)


def module_of(canonical: str) -> str:
    """The part of an import path, or of a name in it, that names the module's repository."""
    found = _PACKAGE.match(canonical)
    parts = (found.group() if found is not None else canonical).split("/")
    return "/".join(parts[: 3 if parts[0] in _HOSTS else 2])


def serves_http(type_: Type | None) -> bool:
    """Whether a value is an ``http.Handler``."""
    found = select(type_, "ServeHTTP")
    return found is not None and found.kind != "field"


def is_http(signature: Func) -> bool:
    """``func(http.ResponseWriter, *http.Request)``, further parameters (a router's) included."""
    names = [_name(param) for param in signature.params[:3]]
    return _WRITER in names and _REQUEST in names


def takes_context(signature: Func, module: str) -> bool:
    """Whether a function takes a router's own context: a type of the same module, or so named.

    ``module`` is the router's; "" when it is of the repo.
    """
    params = [_declared(param) for param in signature.params]
    declared = [param for param in params if param is not None]
    if not declared or signature.variadic or len(params) > 4:
        return False
    for definition in declared:
        if not definition.package or definition.package == "context":
            continue
        if _SETTING.search(definition.name):
            return False
        if _CONTEXT.search(definition.name):
            return True
        if len(params) == 1 and module and module_of(definition.package) == module:
            return True
    return False


def is_handler_type(type_: Type | None, module: str) -> bool:
    """A named handler type of the router's module of which nothing more is known."""
    base = deref(type_)
    return (
        isinstance(base, Named)
        and not base.definition.known
        and bool(module)
        and module_of(base.definition.package) == module
        and base.definition.name.endswith(("Handler", "HandlerFunc", "Handle", "HandleFunc"))
    )


def shape_of(type_: Type | None) -> Func | None:
    """The signature behind a function value's type."""
    found = underlying(type_)
    return found if isinstance(found, Func) else None


def _declared(type_: Type | None) -> Definition | None:
    base = deref(type_)
    if isinstance(base, Opaque):
        package, _, name = base.path.rpartition(".")
        return Definition(package, name, known=False) if "(" not in base.path else None
    return base.definition if isinstance(base, Named) else None


def _name(type_: Type | None) -> str:
    found = _declared(type_)
    return found.canonical if found is not None else ""
