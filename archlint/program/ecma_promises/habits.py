"""What a repo does with its own calls: outside callees that it awaits, functions it calls often."""

from __future__ import annotations

from archlint.knowledge.promises import promise_api
from archlint.model import ir
from archlint.program.ecma_flow.sites import CALLED, Sites
from archlint.program.ecma_promises.kinds import FunctionId
from archlint.program.program import Program

_CHAIN = ("then", "catch", "finally")


class Habits:
    """Answers over all production code, one name at a time.

    Calls of front ends are not linked: those written with the name in question are looked at.
    """

    def __init__(self, program: Program, sites: Sites) -> None:
        self._ecma = program.ecma
        self._sites = sites
        self._api = promise_api()
        self._memo: dict[tuple[str, str], bool] = {}
        self._linked: dict[str, tuple[int, int]] = {}
        self._unlinked: dict[str, tuple[list[tuple[FunctionId, ir.Call]], int]] = {}
        self._all_linked = sites.production <= sites.linked
        self._chained: set[int] | None = None

    def awaits(self, name: str, written: str = "") -> bool:
        """Whether the repo mostly awaits or chains an outside callee that the tables do not know.

        ``written`` is how the callee is called where the question comes up.
        """
        key = (name, written)
        found = self._memo.get(key)
        if found is None:
            known = not name.startswith("npm:") or bool(self._api.kind(name))
            found = self._memo[key] = not known and self._mostly(*key)
        return found

    def _mostly(self, name: str, written: str) -> bool:
        calls, awaited = self._in_linked(name)
        names = {written, _last(name)}
        waiting = sum(self._apart(text)[1] for text in names)
        if (awaited + waiting) * 2 <= calls + waiting:
            return False  # whatever the calls reach that are not linked
        for ident, call in (place for text in sorted(names) for place in self._apart(text)[0]):
            if self._ecma.resolve_call(ident, call).externals[:1] == (name,):
                calls, awaited = calls + 1, awaited + self._waits(ident[0], call)
        return awaited * 2 > calls

    def _in_linked(self, name: str) -> tuple[int, int]:
        """How often linked files call a name, and how often they wait for it."""
        found = self._linked.get(name)
        if found is None:
            calls = self._sites.meaning(name)
            awaited = sum(self._waits(fn.file.path, call) for fn, call in calls)
            found = self._linked[name] = (len(calls), awaited)
        return found

    def _waits(self, path: str, call: ir.Call) -> bool:
        """Whether a call is awaited or chained where it stands."""
        file = self._ecma.evaluator.file(path)
        if file is not None and id(call) in file.noted.awaited:
            return True
        if self._chained is None:
            chains = (call.callee for _, call in self._sites.written(_CHAIN))
            self._chained = {id(c.object) for c in chains if isinstance(c, ir.Member)}
        return id(call) in self._chained

    def calls(self, function: FunctionId, name: str) -> int:
        """How many production calls reach a function of the repo, which is called ``name``."""
        count = self._sites.inner[function]
        for ident, call in self._apart(name)[0]:
            count += function in self._ecma.resolve_call(ident, call).targets
        return count

    def _apart(self, written: str) -> tuple[list[tuple[FunctionId, ir.Call]], int]:
        """The calls that are not linked and written so, and how many of them are waited for."""
        found = self._unlinked.get(written)
        if found is None:
            linked = self._sites.linked
            places = [
                (fn.id, call)
                for fn, call in (() if self._all_linked else self._sites.written((written,)))
                if fn.file.path not in linked
            ]
            waiting = sum(self._waits(ident[0], call) for ident, call in places)
            found = self._unlinked[written] = (places, waiting)
        return found


def _last(name: str) -> str:
    """How a callee of a canonical name is mostly written."""
    return CALLED if name.endswith("()") else name.rpartition(".")[2]
