"""Which methods of a service or controller serve requests."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from archlint.knowledge.frameworks import CallEntry
from archlint.program.golang.select import method_set
from archlint.program.golang.show import show
from archlint.program.golang.types import Definition, Func, FunctionId, Type


def served(
    entry: CallEntry, definition: Definition, mapping: str
) -> Iterator[tuple[str, str, FunctionId]]:
    """(HTTP method or "", method name, function) of each method that serves, by name.

    ``mapping`` is a text like ``get,post:List;*:All``; without one the entry's patterns choose, or
    else the signature.
    """
    chosen = _mapped(mapping)
    for name, found in sorted(method_set(definition).items()):
        function = found.method.function if found.method is not None else None
        if function is None or not name[:1].isupper():
            continue
        if chosen:
            for verb in chosen.get(name, ()):
                yield verb, name, function
        elif _serves(entry, name, found.type):
            yield name.upper() if entry.methods else "", name, function


def _serves(entry: CallEntry, name: str, signature: Type | None) -> bool:
    """By the entry's patterns; else what takes and gives something is a service's method.

    One that takes a context alone is how the service itself is started or stopped.
    """
    if entry.serves:
        return any(fnmatchcase(name, pattern) for pattern in entry.serves)
    if not isinstance(signature, Func) or not signature.results:
        return False
    taken = [show(param) if param is not None else "" for param in signature.params]
    return bool(taken) and taken != ["context.Context"]


def _mapped(text: str) -> dict[str, list[str]]:
    """Method names to HTTP methods."""
    found: dict[str, list[str]] = {}
    for part in text.split(";"):
        verbs, _, name = part.partition(":")
        for verb in verbs.split(",") if name else ():
            found.setdefault(name.strip(), []).append(verb.strip().upper().replace("*", "ANY"))
    return found
