"""Every call of the production code, by what it names and by what it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.golang.place import Place
from archlint.program.golang.types import FunctionId

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker

Places = dict[str, list[Place]]


class CallIndex:
    """One pass over all calls; function values are not followed.

    ``by_callee``: canonical name of the callee -> calls; ``written``: the name that is written
    (``Get`` of ``r.Get()``) -> calls; ``callers``: function -> the calls that run it, directly or
    through an interface; ``chains``: a call, by identity -> the call made on its result.
    """

    def __init__(self, linker: GoLinker) -> None:
        self._linker = linker
        self.by_callee: Places = {}
        self.written: Places = {}
        self.callers: dict[FunctionId, list[Place]] = {}
        self.chains: dict[int, Place] = {}
        for unit in linker.world.production():
            for function in unit.facts.functions:
                index = function.index
                for call in unit.body(index).calls:
                    self._add(Place(unit, index, call), call)

    def _add(self, place: Place, call: ir.Call) -> None:
        callee = self._linker.calls.callee(place.unit, place.holder, call)
        if callee.canonical:
            _append(self.by_callee, callee.canonical, place)
        written = call.callee
        targets = callee.functions
        if type(written) is ir.Member:
            _append(self.written, written.name, place)
            if type(written.object) is ir.Call:
                self.chains[id(written.object)] = place
            if not targets and callee.kind == "dynamic":
                targets = self._linker.dispatch.targets(callee.receiver, written.name)
        elif type(written) is ir.Name:
            _append(self.written, written.id, place)
        for target in targets:
            known = self.callers.get(target)
            if known is None:
                self.callers[target] = [place]
            else:
                known.append(place)


def _append(places: Places, name: str, place: Place) -> None:
    known = places.get(name)
    if known is None:
        places[name] = [place]
    else:
        known.append(place)
