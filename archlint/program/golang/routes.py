"""Texts and path prefixes: what a route's label says, followed through variables and wrappers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archlint.knowledge.frameworks import Framework, MountEntry, expand
from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.golang.place import Place
from archlint.program.golang.stores import Key
from archlint.program.golang.types import FunctionId

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

DEPTH = 10
_GROUPING = {
    "Group", "Route", "Prefix", "WithPrefix", "PathPrefix", "Path", "Sub", "SubRouter", "Subrouter",
    "Namespace", "NewNamespace", "NSNamespace", "Combo", "Party", "PartyFunc", "Scope", "NewGroup",
    "Mount", "Resource", "With",
}  # fmt: skip
"""Methods that give, or hand to a closure, a router for the routes under a path."""


_PREFIXES = {"WithPrefix", "Prefix", "WithBasePath"}


class Frame(NamedTuple):
    """A wrapper and one of its calls: the wrapper's parameters mean that call's arguments.

    In ``Frames`` the outermost call comes first.
    """

    function: FunctionId
    call: Place


Frames = tuple[Frame, ...]


class Routes:
    """Evaluates path and label texts, and the prefix that a router value carries."""

    def __init__(self, linker: GoLinker, frameworks: tuple[Framework, ...]) -> None:
        self._linker = linker
        self._mounts: dict[str, MountEntry] = {
            name: mount
            for framework in frameworks
            for mount in framework.mount
            for pattern in mount.callee
            for name in expand(pattern)
        }
        self._mounted: dict[int, tuple[Place, MountEntry]] | None = None
        self._closures: dict[FunctionId, tuple[Place, MountEntry]] = {}
        self._groups: dict[object, Place] | None = None
        self._set: dict[tuple[str, int, str, int], tuple[Place, ir.Expr]] = {}
        """Variables to what a call on them set their path to."""

    @property
    def mounting(self) -> set[str]:
        """The callees that put routers under a path."""
        return set(self._mounts)

    # --------------------------------------------------------------- texts

    def text(self, place: Place, frames: Frames = (), depth: int = 0) -> str | None:
        """The string that an expression spells, unknown parts as ``*``; None for no string."""
        expr = place.expr
        if depth > DEPTH:
            return None
        if isinstance(expr, ir.Literal):
            return expr.value if expr.kind == "string" else None
        if isinstance(expr, ir.Binary) and expr.op == "+":
            left = self.text(Place(place.unit, place.holder, expr.left), frames, depth + 1)
            right = self.text(Place(place.unit, place.holder, expr.right), frames, depth + 1)
            return None if left is None and right is None else f"{left or '*'}{right or '*'}"
        if isinstance(expr, ir.Name):
            return self._named(place, expr, frames, depth)
        if isinstance(expr, ir.Member):
            qualified = self._linker.evaluator.package_member(place.unit, place.holder, expr)
            if qualified is not None:
                return self._constant(qualified[0].path, qualified[1], depth)
        if isinstance(expr, ir.Call) and len(expr.args) == 1:
            callee = self._linker.calls.callee(place.unit, place.holder, expr)
            if callee.kind == "conversion":
                return self.text(Place(place.unit, place.holder, expr.args[0]), frames, depth + 1)
        return None

    def _named(self, place: Place, expr: ir.Name, frames: Frames, depth: int) -> str | None:
        local = self._linker.evaluator.binding(place.unit, place.holder, expr)
        if local is None:
            return self._constant(place.unit.package.path, expr.id, depth)
        binding, holder = local
        if binding.kind == "value" and binding.node is not None and binding.count == 1:
            return self.text(Place(place.unit, holder, binding.node), frames, depth + 1)
        passed = self._passed((place.unit.facts.path, holder), binding.index, frames)
        if binding.kind == "param" and passed is not None:
            return self.text(passed[0], passed[1], depth + 1)
        return None

    def _passed(
        self, function: FunctionId, index: int, frames: Frames
    ) -> tuple[Place, Frames] | None:
        """The argument that a wrapper's parameter stands for."""
        for i, frame in enumerate(frames):
            call = frame.call.expr
            if frame.function == function and isinstance(call, ir.Call) and index < len(call.args):
                inner = Place(frame.call.unit, frame.call.holder, call.args[index])
                return inner, frames[:i]
        return None

    def _constant(self, package: str, name: str, depth: int) -> str | None:
        if package == "net/http" and name.startswith("Method"):
            return name[6:].upper()
        for place in self._linker.values.stores.of(Key("var", package, name))[:1]:
            return self.text(place, (), depth + 1)
        return self._linker.constants.get((package, name))

    # ------------------------------------------------------------ prefixes

    def prefix(self, place: Place, frames: Frames = (), depth: int = 0) -> str:
        """The path under which a router value's routes lie, "" for the root or unknown."""
        expr = place.expr
        if depth > DEPTH:
            return ""
        if isinstance(expr, ir.Call):
            return self._made(place, expr, frames, depth)
        if isinstance(expr, ir.Unary | ir.Cast):
            return self.prefix(Place(place.unit, place.holder, expr.value), frames, depth + 1)
        if isinstance(expr, ir.Name):
            local = self._linker.evaluator.binding(place.unit, place.holder, expr)
            if local is None:
                return ""
            binding, holder = local
            self._index()
            found = self._set.get((place.unit.facts.path, holder, binding.name, binding.start))
            if found is not None and found[0].expr is not expr:
                return self.text(found[0]._replace(expr=found[1]), frames, depth + 1) or ""
            if binding.kind == "value" and binding.node is not None:
                return self.prefix(Place(place.unit, holder, binding.node), frames, depth + 1)
            if binding.kind == "param":
                return self._of_parameter(
                    (place.unit.facts.path, holder), binding.index, frames, depth
                )
        return ""

    def _of_parameter(self, function: FunctionId, index: int, frames: Frames, depth: int) -> str:
        """A router parameter: of a mounted closure, a wrapper, or a function with one caller."""
        self._index()
        mounted = self._closures.get(function)
        if mounted is not None:
            return self._under(mounted[0], mounted[1], frames, depth)
        grouped = self._grouping(function)
        if grouped is not None and isinstance(grouped.expr, ir.Call):
            return self._made(grouped, grouped.expr, frames, depth + 1)
        passed = self._passed(function, index, frames)
        if passed is not None:
            return self.prefix(passed[0], passed[1], depth + 1)
        callers = self._linker.index.callers.get(function, [])
        if not callers:
            return ""
        call = callers[0].expr
        if not isinstance(call, ir.Call) or index >= len(call.args):
            return ""
        place = Place(callers[0].unit, callers[0].holder, call.args[index])
        return self.prefix(place, (), depth + 1)

    def _made(self, place: Place, call: ir.Call, frames: Frames, depth: int) -> str:
        self._index()
        assert self._mounted is not None
        mounted = self._mounted.get(id(call))
        if mounted is not None:
            return self._under(mounted[0], mounted[1], frames, depth)
        callee = self._linker.calls.callee(place.unit, place.holder, call)
        mount = self._mounts.get(callee.canonical)
        if mount is not None and mount.result:
            return self._under(place, mount, frames, depth)
        if isinstance(call.callee, ir.Member) and callee.kind != "function":
            receiver = Place(place.unit, place.holder, call.callee.object)
            return join(self.prefix(receiver, frames, depth + 1), self._grouped(place, frames))
        return self._returned(callee.functions, depth)

    def _grouped(self, place: Place, frames: Frames = ()) -> str:
        """The path that a grouping call of an unknown or own router adds, "" for none."""
        call = place.expr
        assert isinstance(call, ir.Call)
        if not call.args or _called(call) not in _GROUPING:
            return ""
        own = self.text(Place(place.unit, place.holder, call.args[0]), frames)
        return own if own is not None and own.startswith("/") else ""

    def lexical(self, place: Place, depth: int = 0) -> str:
        """What closures add to the routes in them: ``r.Group("/v1", func() { r.Get(...) })``.

        Only closures that are handed no router; also calls that are arguments of a grouping call.
        """
        found = ""
        outer = self._grouping(id(place.expr))
        functions = place.unit.facts.functions
        index = place.holder
        while outer is None and index > 0 and functions[index].kind == "closure":
            if not functions[index].params:
                outer = self._grouping((place.unit.facts.path, index))
            index = functions[index].parent
        if outer is not None and depth < DEPTH:
            found = join(self.lexical(outer, depth + 1), self._grouped(outer))
        return found

    def literal_prefix(self, place: Place) -> str:
        """The path beside a literal of routes: ``s.AddRoutes([]Route{...}, WithPrefix("/v1"))``."""
        for call in place.unit.body(place.holder).calls:
            options = [
                arg for arg in call.args if type(arg) is ir.Call and _called(arg) in _PREFIXES
            ]
            if options and options[0].args and any(n is place.expr for n in walk(call.args)):
                return self.text(place._replace(expr=options[0].args[0])) or ""
        return ""

    def _grouping(self, key: object) -> Place | None:
        """The grouping call that a closure or a call is an argument of."""
        if self._groups is None:
            self._groups = {}
            for name in sorted(_GROUPING & self._linker.written.keys()):
                for place in self._linker.written[name]:
                    if isinstance(place.expr, ir.Call) and len(place.expr.args) > 1:
                        self._group(place, place.expr.args)
        return self._groups.get(key)

    def _group(self, place: Place, args: tuple[ir.Expr, ...]) -> None:
        assert self._groups is not None
        for arg in args:
            if isinstance(arg, ir.FunctionRef):
                self._groups[place.unit.facts.path, arg.index] = place
            elif isinstance(arg, ir.Call):
                self._groups[id(arg)] = place

    def _returned(self, functions: tuple[FunctionId, ...], depth: int) -> str:
        for function in functions[:1]:
            unit = self._linker.world.units[function[0]]
            for stmt in unit.body(function[1]).returns:
                if stmt.values:
                    return self.prefix(Place(unit, function[1], stmt.values[0]), (), depth + 1)
        return ""

    def _under(self, place: Place, mount: MountEntry, frames: Frames, depth: int) -> str:
        """Prefix of the mounting call's receiver plus its own path."""
        call = place.expr
        assert isinstance(call, ir.Call)
        own = ""
        if mount.path:
            position = int(mount.path)
            if position < len(call.args):
                text = self.text(Place(place.unit, place.holder, call.args[position]), frames)
                own = text if text is not None else "/*"
        if not isinstance(call.callee, ir.Member):
            return own
        receiver = Place(place.unit, place.holder, call.callee.object)
        if mount.router and int(mount.router) < len(call.args):
            receiver = receiver._replace(expr=call.args[int(mount.router)])
        return join(self.prefix(receiver, frames, depth + 1), own)

    def _index(self) -> None:
        """Find what is mounted where: closures, and routers by the call that made them."""
        if self._mounted is not None:
            return
        self._mounted = {}
        for place in self._linker.calls_of(set(self._mounts)):
            call = place.expr
            assert isinstance(call, ir.Call)
            callee = self._linker.calls.callee(place.unit, place.holder, call)
            mount = self._mounts[callee.canonical]
            if mount.sets:
                self._sets(place, call, mount)
            if not mount.routers or int(mount.routers) >= len(call.args):
                continue
            argument = Place(place.unit, place.holder, call.args[int(mount.routers)])
            for value in self._linker.values.of(argument):
                if value.kind == "function" and mount.parameter >= 0:
                    self._closures.setdefault(value.function, (place, mount))
                elif value.kind == "made" and value.place is not None and mount.parameter < 0:
                    self._mounted.setdefault(id(value.place.expr), (place, mount))

    def _sets(self, place: Place, call: ir.Call, mount: MountEntry) -> None:
        """``ws.Path("/users")``: note the path of the variable at the chain's root."""
        root: ir.Expr = call
        while isinstance(root, ir.Call | ir.Member):
            root = root.callee if isinstance(root, ir.Call) else root.object
        if not isinstance(root, ir.Name) or int(mount.path or 0) >= len(call.args):
            return
        local = self._linker.evaluator.binding(place.unit, place.holder, root)
        if local is not None and local[0].kind == "value":
            key = (place.unit.facts.path, local[1], local[0].name, local[0].start)
            self._set.setdefault(key, (place, call.args[int(mount.path or 0)]))


def _called(call: ir.Call) -> str:
    return call.callee.name if isinstance(call.callee, ir.Member) else ""


def join(prefix: str, path: str) -> str:
    """Two path parts with one slash between them."""
    if not prefix or not path:
        return prefix or path
    return prefix.rstrip("/") + "/" + path.lstrip("/") if path != "/" else prefix
