"""Every call of the production code, by what it names and by what it runs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.golang.place import Place
from archlint.program.golang.types import FunctionId

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

Places = defaultdict[str, list[Place]]


class CallIndex:
    """One pass over all calls; function values are not followed.

    ``by_callee``: canonical name of the callee -> calls; ``written``: the name that is written
    (``Get`` of ``r.Get()``) -> calls; ``callers``: function -> the calls that run it, directly or
    through an interface; ``chains``: a call, by identity -> the call made on its result.
    """

    def __init__(self, linker: GoLinker) -> None:
        self._linker = linker
        self.by_callee: Places = defaultdict(list)
        self.written: Places = defaultdict(list)
        self.callers: defaultdict[FunctionId, list[Place]] = defaultdict(list)
        self.chains: dict[int, Place] = {}
        for unit in linker.world.production():
            for function in unit.facts.functions:
                index = function.index
                for call in unit.body(index).calls:
                    self._add(Place(unit, index, call), call)

    def _add(self, place: Place, call: ir.Call) -> None:
        callee = self._linker.calls.callee(place.unit, place.holder, call)
        if callee.canonical:
            self.by_callee[callee.canonical].append(place)
        written = call.callee
        targets = callee.functions
        if type(written) is ir.Member:
            self.written[written.name].append(place)
            if type(written.object) is ir.Call:
                self.chains[id(written.object)] = place
            if not targets and callee.kind == "dynamic":
                targets = self._linker.dispatch.targets(callee.receiver, written.name)
        elif type(written) is ir.Name:
            self.written[written.id].append(place)
        for target in targets:
            self.callers[target].append(place)
