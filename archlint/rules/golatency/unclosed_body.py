"""The body of an HTTP response is not closed on every path.

Why it matters: An open body keeps its connection out of the pool and its goroutines alive; under
load the service runs out of sockets.
What to do: `defer resp.Body.Close()` right behind the error check, before anything can return.
Guide: Efficient use of resources under sustained load is what Go is chosen for (L18, L79).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Related, Report, Severity
from archlint.model.location import line_of, locate
from archlint.model.walk import walk
from archlint.program.golang.types import show
from archlint.program.golang_flow.flow import Analysis, State, follow
from archlint.program.golang_flow.shapes import conjuncts, is_name, nil_test
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, site_report

_RESPONSE = "*net/http.Response"
_SCALE = {
    **ANYWHERE,
    Context.REQUEST: Severity.ERROR,
    Context.STARTUP: Severity.NOTE,
}
_READERS = {
    "bufio.NewReader", "bufio.NewReaderSize", "bufio.NewScanner", "bytes.Buffer.ReadFrom",
    "encoding/json.NewDecoder", "encoding/xml.NewDecoder", "encoding/csv.NewReader",
    "fmt.Println", "fmt.Printf", "fmt.Print", "fmt.Sprint", "fmt.Sprintf", "fmt.Sprintln",
    "io.Copy", "io.CopyN", "io.CopyBuffer", "io.LimitReader", "io.ReadAll", "io.ReadFull",
    "io.TeeReader", "io/ioutil.ReadAll", "io.MultiReader",
}  # fmt: skip
"""Functions that read from a reader and never close it."""


class _Open(NamedTuple):
    """A response that may be open: its variable, its error's variable, where it was opened."""

    name: str
    error: str
    at: int
    end: int
    label: str


class _Bodies(Analysis):
    """Follows responses from the call that gives them to a close, an escape or an exit."""

    def __init__(self, program: Program, ident: FunctionId, opened: dict[int, _Open]) -> None:
        self.program = program
        self.ident = ident
        self.opened = opened
        self.exits: dict[_Open, set[int]] = {}
        self.closed: set[_Open] = set()

    def visit(self, node: Any, state: State) -> State:
        """Closes and escapes first, then what the statement itself opens."""
        state = self._discharge(node, state)
        if isinstance(node, ir.Assign):
            targets = {t.id for t in node.targets if isinstance(t, ir.Name)}
            state = frozenset(_without_error(fact, targets) for fact in state)
            state = frozenset(fact for fact in state if fact.name not in targets)
            fact = self.opened.get(node.at)
            if fact is not None:
                state |= {fact}
        return state

    def refine(self, test: ir.Expr, truth: bool, state: State) -> State:
        """No response where there is an error."""
        for part in conjuncts(test, "&&" if truth else "||"):
            checked = nil_test(part)
            if checked is None or not isinstance(checked[0], ir.Name):
                continue
            name, is_set = checked[0].id, checked[1] is truth
            state = frozenset(
                f for f in state
                if not (f.error == name and is_set) and not (f.name == name and not is_set)
            )  # fmt: skip
        return state

    def repeat(self, loop: ir.Loop, state: State) -> State:
        """What the iteration opened and did not close is lost."""
        lost = {fact for fact in state if loop.at < fact.at < loop.end}
        for fact in lost:
            self.exits.setdefault(fact, set()).add(fact.at)
        return state - lost

    def leave(self, node: ir.Return | None, state: State) -> None:
        """Open responses that no return value mentions are lost."""
        at = node.at if node is not None else self.program.function(self.ident).end - 1
        for fact in state:
            self.exits.setdefault(fact, set()).add(at)

    def _discharge(self, node: Any, state: State) -> State:
        if not state:
            return state
        gone = {fact for fact in state if self._lets_go(node, fact)}
        self.closed |= gone
        return state - gone

    def _lets_go(self, node: Any, fact: _Open) -> bool:
        """Whether the node closes the response or hands it (or its body) to somebody else."""
        plain: set[int] = set()
        for inner in walk((node,)):
            if isinstance(inner, ir.Assign):
                plain.update(id(t) for t in inner.targets if is_name(t, fact.name))
            if isinstance(inner, ir.Binary) and nil_test(inner):
                plain.update((id(inner.left), id(inner.right)))
            if isinstance(inner, ir.Member) and is_name(inner.object, fact.name):
                plain.add(id(inner.object))
                if inner.name == "Body" and id(inner) not in plain:
                    return True
            elif isinstance(inner, ir.Call):
                plain.update(self._only_read(inner, fact.name))
            elif isinstance(inner, ir.FunctionRef):
                if _closure_uses(self.program, (self.ident[0], inner.index), fact.name):
                    return True
            elif is_name(inner, fact.name) and id(inner) not in plain:
                return True
        return False

    def _only_read(self, call: ir.Call, name: str) -> set[int]:
        """The ``resp.Body`` arguments of a call that reads and does not close."""
        bodies = {
            id(arg)
            for arg in call.args
            if isinstance(arg, ir.Member) and arg.name == "Body" and is_name(arg.object, name)
        }
        callee = call.callee
        if isinstance(callee, ir.Member) and isinstance(callee.object, ir.Member):
            body = callee.object
            if body.name == "Body" and is_name(body.object, name) and callee.name == "Read":
                bodies.add(id(body))
        if not bodies:
            return bodies
        known = self.program.golang.callee(self.ident, call).canonical
        direct = isinstance(callee, ir.Member) and callee.name == "Read"
        return bodies if known in _READERS or direct else set()


def _without_error(fact: Any, targets: set[str]) -> Any:
    """An error variable that is assigned anew says nothing of the response any more."""
    return fact._replace(error="") if fact.error in targets else fact


def _closure_uses(program: Program, closure: FunctionId, name: str) -> bool:
    stack = [closure]
    while stack:
        found = stack.pop()
        for node in walk(program.function(found).body or ()):
            if is_name(node, name):
                return True
            if isinstance(node, ir.FunctionRef):
                stack.append((closure[0], node.index))
    return False


@rule("unclosed-body", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",))
def unclosed_body(program: Program) -> Iterator[Report]:
    """Responses that a path leaves open."""
    for ident, function in sites(program).functions:
        if not any(i.specifier == "net/http" for i in program.files[ident[0]].imports):
            continue
        opened = _openings(program, ident)
        if not opened:
            continue
        analysis = _Bodies(program, ident, opened)
        follow(function.body or (), analysis)
        for fact, exits in sorted(_by_origin(analysis.exits).items()):
            yield from _report(program, ident, fact, (exits, analysis.closed))


def _by_origin(exits: dict[_Open, set[int]]) -> dict[_Open, set[int]]:
    """Exits per opening, whatever became of its error variable on the way."""
    merged: dict[_Open, set[int]] = {}
    for fact, places in exits.items():
        merged.setdefault(fact._replace(error=""), set()).update(places)
    return merged


def _openings(program: Program, ident: FunctionId) -> dict[int, _Open]:
    """Assignments of a response: where they start -> the fact."""
    found: dict[int, _Open] = {}
    for assign in program.golang.body(ident).assigns:
        if len(assign.values) != 1 or not isinstance(assign.values[0], ir.Call):
            continue
        call = assign.values[0]
        if len(assign.targets) > 2 or not isinstance(assign.targets[0], ir.Name):
            continue
        results = program.golang.call_results(ident, call)
        if not results or show(results[0]) != _RESPONSE or len(results) != len(assign.targets):
            continue
        canonical = program.golang.callee(ident, call).canonical
        if canonical.startswith("net/http/httptest."):
            continue
        last = assign.targets[-1]
        error = last.id if len(assign.targets) == 2 and isinstance(last, ir.Name) else ""
        name = assign.targets[0].id
        label = canonical.rpartition("/")[2] or "call"
        found[assign.at] = _Open(name, error, assign.at, call.end, label)
    return found


def _report(
    program: Program, ident: FunctionId, fact: _Open, outcome: tuple[set[int], set[_Open]]
) -> Iterator[Report]:
    exits, closed = outcome
    facts = program.files[ident[0]]
    handled = any(done.at == fact.at for done in closed)
    first = min(exits)
    if fact.name == "_":
        message = f"the response of {fact.label} is dropped with its body open"
    elif handled and first != fact.at:
        line = line_of(facts, first)
        message = f"the body of {fact.name} stays open when the function leaves at line {line}"
    else:
        message = f"the body of {fact.name} is never closed"
    related = tuple(
        Related(locate(facts, at), "leaves with the body open") for at in sorted(exits)[:3]
    )
    site = Site(function=ident, at=fact.at, end=fact.end, label=fact.label)
    extra = Extra(scale=_SCALE, related=related if handled else ())
    report = site_report(program, site, message, fact.label, extra)
    if report is not None:
        yield report
