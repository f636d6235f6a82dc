"""What calls of the outside world give: by the tables, then by installed declarations."""

from __future__ import annotations

from archlint.knowledge.promises import PromiseApi, promise_api
from archlint.model import ir
from archlint.program.ecma import EcmaLinker
from archlint.program.ecma_promises.sorts import Sort

_SORTS = {
    "promise": Sort.PROMISE,
    "hybrid": Sort.PROMISE,
    "lazy": Sort.LAZY,
    "none": Sort.NONE,
}


class External:
    """Answers by canonical name; installed declarations are looked at where the tables are silent.

    ``path`` is always the file that asks: it decides which installed package is meant.
    """

    def __init__(self, ecma: EcmaLinker) -> None:
        self.api: PromiseApi = promise_api()
        self._declared = ecma.declared

    def kind(self, name: str, path: str, node: ir.Call) -> str:
        """promise, hybrid, lazy, none or "" for a call; see ``PromiseApi.kind``."""
        found = self.api.kind(name)
        if found or not name.startswith("npm:") or not self._declared.places():
            return found
        spread = any(isinstance(arg, ir.Spread) for arg in node.args)
        return self._declared.kind(name, path, None if spread else len(node.args))

    def sort(self, name: str, path: str, node: ir.Call) -> Sort:
        """What a call of a name gives; UNKNOWN where nothing tells."""
        return _SORTS.get(self.kind(name, path, node), Sort.UNKNOWN)

    def value(self, name: str, path: str) -> Sort:
        """What a canonical name denotes, when it is a call's result."""
        if not name.endswith("()"):
            return Sort.UNKNOWN
        called = name[:-2]
        found = self.api.kind(called)
        if not found:
            found = self._declared.kind(called, path)
            found = "" if found == "hybrid" else found
        return _SORTS.get(found, Sort.UNKNOWN)
