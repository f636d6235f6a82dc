"""Interface calls: which of the repo's types implement an interface, and their methods."""

from __future__ import annotations

from archlint.model.pattern import lazy_regex
from archlint.program.golang.select import (
    function_of,
    interface_methods,
    method,
    method_names,
    select,
)
from archlint.program.golang.show import show
from archlint.program.golang.types import (
    Definition,
    Func,
    FunctionId,
    Interface,
    Named,
    Type,
    TypeParam,
    underlying,
)
from archlint.program.golang.world import World

CAP = 12
"""Implementations of an in-repo interface that are followed."""
OUTSIDE_CAP = 4
"""Implementations of an outside interface (``io.Reader``) that are followed."""
_UNTOLD = {"Error", "String", "Close"}
"""Methods of outside interfaces that so many types have that a call tells none of them."""
_STAND_IN = lazy_regex(
    r"(_test\.go$)|(^|/)(\w*mocks?|\w*fakes?|testutils?|testing|mock_[^/]*)(/|\.go|_)"
)


def is_stand_in(path: str) -> bool:
    """Whether a file only stands in for the real thing: a test, a mock, a fake."""
    return _STAND_IN.search(path) is not None


class Dispatch:
    """In-repo method sets, indexed by method name."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_method: dict[str, list[Definition]] | None = None
        self._methods: dict[Definition, set[str]] = {}
        self._memo: dict[tuple[int, str], tuple[FunctionId, ...]] = {}
        self._implementers: dict[int, list[Definition]] = {}
        self._kept: list[Interface] = []
        self._agreed: dict[tuple[int, int], bool] = {}

    def targets(self, receiver: Type | None, name: str) -> tuple[FunctionId, ...]:
        """The in-repo methods that calling ``name`` on an interface value may run.

        A struct stands for the interface that it embeds and has the method from.
        """
        receiver = _dispatching(receiver, name)
        found = self._all(receiver, name)
        return found if len(found) <= (CAP if _in_repo(receiver) else OUTSIDE_CAP) else ()

    def among(
        self, receiver: Type | None, name: str, types: set[Definition]
    ) -> tuple[FunctionId, ...]:
        """The methods that run when the value is of one of these types."""
        found = {function_of(definition, name) for definition in types}
        every = self._all(_dispatching(receiver, name), name)
        return tuple([target for target in every if target in found])

    def too_many(self, receiver: Type | None, name: str) -> bool:
        """Whether an interface of the repo has more implementations than are followed."""
        receiver = _dispatching(receiver, name)
        return _in_repo(receiver) and len(self._all(receiver, name)) > CAP

    def _all(self, receiver: Type | None, name: str) -> tuple[FunctionId, ...]:
        shape = underlying(receiver)
        if not isinstance(shape, Interface):
            return ()
        key = (id(receiver.definition) if isinstance(receiver, Named) else id(shape), name)
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._find(shape, receiver, name)
        return found

    def implementers(self, shape: Interface) -> list[Definition]:
        """Types whose pointer has every method of the interface."""
        found = self._implementers.get(id(shape))
        if found is None:
            self._kept.append(shape)
            found = self._implementers[id(shape)] = self._search(interface_methods(shape))
        return found

    def _search(self, wanted: dict[str, Func]) -> list[Definition]:
        index = self._index()
        if not wanted:
            return []
        rarest = min(wanted, key=lambda name: (len(index.get(name, ())), name))
        return [
            definition
            for definition in index.get(rarest, ())
            if wanted.keys() <= self._methods[definition]
            and all(self._has(definition, name, wanted[name]) for name in wanted)
        ]

    def _has(self, definition: Definition, name: str, wanted: Func) -> bool:
        found = method(definition, name)
        return found is not None and self._agrees(found.type, wanted)

    def _agrees(self, found: Type | None, wanted: Func) -> bool:
        key = (id(found), id(wanted))
        agreed = self._agreed.get(key)
        if agreed is None:
            agreed = self._agreed[key] = _agrees(found, wanted)
        return agreed

    def _find(self, shape: Interface, receiver: Type | None, name: str) -> tuple[FunctionId, ...]:
        if not _in_repo(receiver) and name in _UNTOLD:
            return ()
        own: set[FunctionId] = set()
        promoted: set[FunctionId] = set()
        found, shapes, seen = own, [shape], {id(shape)}
        for interface in shapes:
            for definition in self.implementers(interface):
                function = function_of(definition, name)
                if function is not None:
                    found.add(function)
                    continue
                owner = _embedded(definition.instance, name)
                inner = underlying(owner) if _in_repo(owner) else None
                if isinstance(inner, Interface) and id(inner) not in seen:
                    seen.add(id(inner))
                    shapes.append(inner)
            found = promoted
        return _chosen(own | promoted) if len(_chosen(own | promoted)) <= CAP else _chosen(own)

    def _index(self) -> dict[str, list[Definition]]:
        """The repo's types by the names of their methods, promoted ones included."""
        if self._by_method is None:
            self._by_method = {}
            for folder in sorted(self._world.local):
                for _, package in sorted(self._world.local[folder].items()):
                    for definition in package.definitions():
                        if not isinstance(definition.underlying, Interface):
                            self._add(definition)
        return self._by_method

    def _add(self, definition: Definition) -> None:
        assert self._by_method is not None
        names = self._methods[definition] = method_names(definition)
        for name in names:
            self._by_method.setdefault(name, []).append(definition)


def _chosen(found: set[FunctionId]) -> tuple[FunctionId, ...]:
    """Stand-ins count only where nothing real is found."""
    return tuple(sorted({f for f in found if not is_stand_in(f[0])} or found))


def _in_repo(receiver: Type | None) -> bool:
    return isinstance(receiver, Named) and bool(receiver.definition.file)


def _embedded(receiver: Type | None, name: str) -> Named | None:
    """The interface from which a struct has a method by embedding it."""
    found = select(receiver, name)
    return found.owner if found is not None and found.kind == "dynamic" else None


def _dispatching(receiver: Type | None, name: str) -> Type | None:
    """The interface that a call goes through: the value's own, or that which it embeds."""
    if receiver is None or isinstance(underlying(receiver), Interface):
        return receiver
    return _embedded(receiver, name)


def _agrees(found: Type | None, wanted: Func) -> bool:
    """Whether two signatures may be identical: same arity, no type known to differ."""
    if not isinstance(found, Func):
        return False
    if len(found.params) != len(wanted.params) or len(found.results) != len(wanted.results):
        return False
    pairs = zip((*found.params, *found.results), (*wanted.params, *wanted.results), strict=True)
    return all(_same(left, right) for left, right in pairs)


def _same(left: Type | None, right: Type | None) -> bool:
    if left is right or left is None or right is None:
        return True
    if isinstance(left, TypeParam) or isinstance(right, TypeParam):
        return True
    if isinstance(left, Named) and isinstance(right, Named):
        return left.definition is right.definition or _generic(left) or _generic(right)
    first, second = show(left), show(right)
    return first == second or "?" in first or "?" in second or "[" in first


def _generic(type_: Named) -> bool:
    return bool(type_.args or type_.definition.type_params)
