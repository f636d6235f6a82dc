"""HTTP responses along a function's paths: opened, closed, handed on, or left open."""

from __future__ import annotations

from typing import Any, NamedTuple

from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.golang.types import Named, Pointer, Type
from archlint.program.golang_flow.flow import Analysis, State
from archlint.program.golang_flow.shapes import conjuncts, is_name, nil_test
from archlint.program.program import FunctionId, Program

_RESPONSE = "net/http.Response"
READERS = {
    "bufio.NewReader", "bufio.NewReaderSize", "bufio.NewScanner", "bytes.Buffer.ReadFrom",
    "encoding/json.NewDecoder", "encoding/xml.NewDecoder", "encoding/csv.NewReader",
    "fmt.Fprintf", "fmt.Fprintln", "fmt.Print", "fmt.Printf", "fmt.Println", "fmt.Sprint",
    "fmt.Sprintf", "fmt.Sprintln", "log.Print", "log.Printf", "log.Println",
    "net/http.MaxBytesReader", "net/http/httputil.DumpResponse",
    "io.Copy", "io.CopyN", "io.CopyBuffer", "io.LimitReader", "io.ReadAll", "io.ReadFull",
    "io.TeeReader", "io/ioutil.ReadAll", "io.MultiReader",
}  # fmt: skip
"""Functions that read what they are given and never close it."""


class Opened(NamedTuple):
    """A response that may be open: its variable, its error's variable, where it was opened.

    ``open`` says whether it surely was when the call gave it.
    """

    name: str
    error: str
    at: int
    end: int
    label: str
    open: bool = True


class Bodies(Analysis):
    """Follows responses from the call that gives them to a close, an escape or an exit."""

    def __init__(self, program: Program, ident: FunctionId, opened: dict[int, Opened]) -> None:
        self.program = program
        self.ident = ident
        self.opened = opened
        self.exits: dict[Opened, set[int]] = {}
        self.closed: set[Opened] = set()

    def visit(self, node: Any, state: State) -> State:
        """Closes and escapes first, then what the statement itself opens."""
        state = self._discharge(node, state)
        if isinstance(node, ir.Assign):
            targets = {t.id for t in node.targets if isinstance(t, ir.Name)}
            state = frozenset(_without_error(fact, targets) for fact in state)
            for lost in [fact for fact in state if fact.name in targets]:
                self.exits.setdefault(lost, set()).add(node.at)
                state -= {lost}
            fact = self.opened.get(node.at)
            if fact is not None:
                state |= {fact}
        return state

    def refine(self, test: ir.Expr, truth: bool, state: State) -> State:
        """No response where there is an error."""
        if not state:
            return state
        if not truth:
            return frozenset(f for f in state if not _all_ask(test, f))
        for part in conjuncts(test):
            state = frozenset(f for f in state if not _failed(part, True, f))
        return state

    def repeat(self, loop: ir.Loop, state: State) -> State:
        """What the iteration opened and did not close is lost."""
        lost = {fact for fact in state if loop.at < fact.at < loop.end}
        for fact in lost:
            self.exits.setdefault(fact, set()).add(fact.at)
        return state - lost

    def leave(self, node: ir.Return | None, state: State) -> None:
        """Open responses that no return value mentions are lost; a bare return gives named ones."""
        if node is not None and not node.values:
            named = {field.name for field in self.program.function(self.ident).results}
            state = frozenset(fact for fact in state if fact.name not in named)
        at = node.at if node is not None else self.program.function(self.ident).end - 1
        for fact in state:
            self.exits.setdefault(fact, set()).add(at)

    def _discharge(self, node: Any, state: State) -> State:
        if not state:
            return state
        gone = {fact for fact in state if self._lets_go(node, fact)}
        self.closed |= gone
        return state - gone

    def _lets_go(self, node: Any, fact: Opened) -> bool:
        """Whether the node closes the response or hands it (or its body) to somebody else."""
        plain: set[int] = set()
        if isinstance(node, ir.Assign) and _is_blank(node):
            return False
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
        """``resp`` or ``resp.Body`` as arguments of a call that reads and does not close."""
        bodies = {
            id(arg)
            for number, arg in enumerate(call.args)
            if (is_name(arg, name) or is_body(arg, name)) and self._keeps_open(call, number)
        }
        callee = call.callee
        if isinstance(callee, ir.Member) and isinstance(callee.object, ir.Member):
            body = callee.object
            if body.name == "Body" and is_name(body.object, name) and callee.name == "Read":
                bodies.add(id(body))
        return bodies

    def _keeps_open(self, call: ir.Call, number: int) -> bool:
        """Whether the callee surely leaves its argument open."""
        callee = self.program.golang.callee(self.ident, call)
        if callee.canonical in READERS:
            return True
        if len(callee.functions) != 1 or callee.kind not in {"function", "method", "closure"}:
            return False
        function = self.program.function(callee.functions[0])
        if number >= len(function.params) or function.body is None:
            return False
        param = function.params[number].name
        return isinstance(param, ir.Name) and not _may_close(
            self.program, callee.functions[0], param.id
        )


def _is_blank(node: ir.Assign) -> bool:
    """``_ = func() { ... }``: a closure that nobody runs."""
    return all(is_name(target, "_") for target in node.targets) and all(
        isinstance(value, ir.FunctionRef) for value in node.values
    )


def is_response(type_: Type | None) -> bool:
    """``*http.Response``."""
    if not isinstance(type_, Pointer) or not isinstance(type_.elem, Named):
        return False
    definition = type_.elem.definition
    return definition.name == "Response" and definition.canonical == _RESPONSE


def is_body(arg: ir.Expr, name: str) -> bool:
    """``resp.Body``."""
    return isinstance(arg, ir.Member) and arg.name == "Body" and is_name(arg.object, name)


def _may_close(program: Program, ident: FunctionId, name: str) -> bool:
    """Whether a function may close its parameter, a response or a body: anything but reading it."""
    fine: set[int] = set()
    for node in walk(program.function(ident).body or ()):
        if isinstance(node, ir.Call) and program.golang.callee(ident, node).canonical in READERS:
            fine.update(id(arg) for arg in node.args)
        elif isinstance(node, ir.Member) and is_name(node.object, name):
            if node.name == "Close" or (node.name == "Body" and id(node) not in fine):
                return True
            fine.add(id(node.object))
        elif isinstance(node, ir.FunctionRef):
            if _closure_uses(program, (ident[0], node.index), name):
                return True
        elif is_name(node, name) and id(node) not in fine:
            return True
    return False


def _failed(test: ir.Expr, truth: bool, fact: Opened) -> bool:
    """Whether the test's outcome means that there is no response with a body."""
    checked = nil_test(test)
    if checked is not None:
        value, is_set = checked[0], checked[1] is truth
        if is_name(value, fact.error):
            return is_set
        return not is_set and (is_name(value, fact.name) or is_body(value, fact.name))
    if isinstance(test, ir.Binary) and test.op == "==":
        return truth and (is_name(test.left, fact.error) or is_name(test.right, fact.error))
    if isinstance(test, ir.Call) and test.args and is_name(test.args[0], fact.error):
        return truth  # errors.Is, os.IsNotExist and kin
    return False


def _all_ask(test: ir.Expr, fact: Opened) -> bool:
    """Whether the test being false means that there is none: each operand asks for it."""
    operands = list(conjuncts(test))
    if len(operands) == 1:
        return any(_failed(part, False, fact) for part in conjuncts(test, "||"))
    return all(_failed(part, False, fact) for part in operands)


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
