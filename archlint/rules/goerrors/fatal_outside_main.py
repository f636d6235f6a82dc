"""The process is ended somewhere else than where it was started.

Why it matters: No deferred call runs, no other request is finished, and a caller that could have
gone on or retried has no say; on a request path one bad request stops the service.
What to do: Return the error and let main decide.
Guide: In Go the programmer decides about an error where it can be understood (L48, L49).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.knowledge.golang.calls import last_parts, names
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.walk import nodes_of
from archlint.program.golang_flow.sites import sites, statements
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_SERVING = {
    **dict.fromkeys(Context, None),
    Context.REQUEST: Severity.ERROR,
    Context.BACKGROUND: Severity.WARNING,
}
_LIBRARY = {**_SERVING, Context.STARTUP: Severity.NOTE, Context.UNKNOWN: Severity.WARNING}
_COMMANDS = ("cobra", "urfave/cli", "kingpin", "google/subcommands")
"""Parts of import paths of packages whose users are commands themselves."""
_LOUD = ("fatal", "exit", "die", "must", "fail", "abort", "bail", "quit", "terminate")
"""What the names of functions begin with that are made to end the process."""


@rule(
    "fatal-outside-main", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",)
)
def fatal_outside_main(program: Program) -> Iterator[Report]:
    """``os.Exit``, ``log.Fatal`` and kin in handlers and in libraries."""
    found = sites(program)
    table = names("fatal")
    signalled = _signalled(program)
    for ident, call, callee in found.calls(last_parts("fatal")):
        if callee.canonical not in table or _is_start(program, ident):
            continue
        if _is_asked_for(program, ident, call):
            continue
        scale = _SERVING if _is_command(program, ident) else _LIBRARY
        name = callee.canonical.rpartition("/")[2]
        way = entry_phrase(program, ident)
        where = f"({way})" if program.context(ident) in _AT_RUN else "outside package main"
        site = Site(function=ident, at=call.at, end=call.end, label=name)
        ends = "ends the process" if not name.startswith("flag.") else "may end the process"
        message = f"{name} {ends} {where}"
        if name.startswith("flag.") and not _exits(call):
            continue
        may = Confidence.LOW if name.startswith("flag.") else None
        meant = _succeeds(call) or _is_crash(program, ident)
        meant = meant or _ends_by_signal(program, ident, signalled)
        cap = Severity.NOTE if meant or _unreached(program, ident) else None
        extra = Extra(scale=scale, cap=cap, confidence=may)
        report = site_report(program, site, message, callee.canonical, extra)
        if report is not None:
            yield report


_AT_RUN = {Context.REQUEST, Context.BACKGROUND}


def _exits(call: ir.Call) -> bool:
    """Whether a wrong flag ends the process: of the command line, or of a set that says so."""
    if not call.args:
        return True
    last = call.args[-1]
    return isinstance(last, ir.Member) and last.name == "ExitOnError"


def _succeeds(call: ir.Call) -> bool:
    """``os.Exit(0)``: the end is what was asked for, not what went wrong."""
    if not call.args or getattr(call.callee, "name", "") != "Exit":
        return False
    status = call.args[0]
    if isinstance(status, ir.Literal):
        return status.value == "0"
    name = status.name if isinstance(status, ir.Member) else getattr(status, "id", "")
    return str(name).lower().endswith(("success", "ok"))


def _is_crash(program: Program, ident: FunctionId) -> bool:
    """Whether a deferred closure ends the process because it recovered from a panic."""
    use = sites(program).given.get(ident)
    if use is None or use[2] != "defer":
        return False
    called = [call.callee for call in program.golang.body(ident).calls]
    names_ = {c.name if isinstance(c, ir.Member) else getattr(c, "id", "") for c in called}
    return any(name.lower() == "recover" for name in names_)


def _is_asked_for(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    """Whether the condition around says that the end is meant: ``if level == levelFatal``."""
    for stmt in statements(program.function(ident).body or ()):
        if isinstance(stmt, ir.If) and stmt.at < call.at < stmt.end:
            named = [node.id for node in nodes_of(ir.Name, (stmt.test,))]
            named += [node.name for node in nodes_of(ir.Member, (stmt.test,))]
            if any("fatal" in name.lower() for name in named):
                return True
    return False


def _signalled(program: Program) -> set[FunctionId]:
    """Declared functions that ask for the process's signals, themselves or in a closure."""
    found = sites(program)
    return {
        found.outermost(ident)
        for ident, _, callee in found.calls(last_parts("signals"))
        if callee.canonical in names("signals")
    }


def _ends_by_signal(program: Program, ident: FunctionId, signalled: set[FunctionId]) -> bool:
    """Whether the function takes the process's signals, so that its end is its business.

    What it only registers to answer requests is not.
    """
    outer = sites(program).outermost(ident)
    return outer in signalled and program.context(ident) is not Context.REQUEST


def _unreached(program: Program, ident: FunctionId) -> bool:
    """Whether nothing is known to call a function of an application: it may belong to its start."""
    component = program.component(ident[0])
    application = component is not None and component.kind != "library"
    return application and program.context(ident) is Context.UNKNOWN


def _is_start(program: Program, ident: FunctionId) -> bool:
    """Whether this is main itself, an init function, or a function made to end the process."""
    outer = program.function(sites(program).outermost(ident))
    if outer.name in {"main", "init"} and outer.kind == "function":
        return program.context(ident) not in _AT_RUN
    return outer.name.lower().startswith(_LOUD) or outer.name == "Usage"


def _is_command(program: Program, ident: FunctionId) -> bool:
    """Whether the package is a command's: main, below cmd/, or built on a command framework."""
    facts = program.files[ident[0]]
    if facts.package == "main" or "/cmd/" in f"/{facts.path}":
        return True
    return any(part in (found.specifier or "") for found in facts.imports for part in _COMMANDS)
