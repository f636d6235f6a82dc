"""The framework tables, ready to be asked by canonical name."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TypeVar

import msgspec

from archlint.knowledge.frameworks import (
    CallEntry,
    DecoratorEntry,
    Framework,
    MethodEntry,
    MountEntry,
    ProcessEntry,
    expand,
)
from archlint.model.pattern import lazy_regex

_Entry = TypeVar("_Entry")
Found = dict[str, list[tuple[Framework, _Entry]]]


class Tables(msgspec.Struct):
    """Entries of all frameworks by the canonical names they are about."""

    frameworks: tuple[Framework, ...]
    calls: Found[CallEntry] = {}
    mounts: Found[MountEntry] = {}
    processes: Found[ProcessEntry] = {}
    decorators: Found[DecoratorEntry] = {}
    methods: Found[MethodEntry] = {}

    def fill(self) -> Tables:
        """Index the entries; a computed member (``.*``) finds those of every member."""
        for table in self.frameworks:
            for call in table.call:
                _add(self.calls, table, call, call.callee, computed=True)
            for mount in table.mount:
                _add(self.mounts, table, mount, mount.callee)
            for process in table.process:
                _add(self.processes, table, process, process.callee)
            for decorator in table.decorator:
                _add(self.decorators, table, decorator, decorator.name)
            for method in table.method:
                _add(self.methods, table, method, method.type)
        return self


_INSIDE = lazy_regex(r"(npm:(?:@[\w.-]+/)?[\w.-]+)/.*\.(\w+(?:\(\))*)\Z")


def spelled_in(index: Container[str], name: str) -> str:
    """A name as a table spells it: what comes from inside a package counts as the package's own.

    ``npm:@nestjs/common/decorators.Get`` -> ``npm:@nestjs/common.Get``, if that is in the table.
    """
    match = None if name in index else _INSIDE.match(name)
    short = f"{match[1]}.{match[2]}" if match else name
    return short if short in index else name


def _add(
    index: Found[_Entry],
    table: Framework,
    entry: _Entry,
    patterns: Iterable[str],
    *,
    computed: bool = False,
) -> None:
    for pattern in patterns:
        for name in expand(pattern):
            index.setdefault(name, []).append((table, entry))
            parent, dot, _ = name.rpartition(".")
            if computed and dot and getattr(entry, "role", "") == "handler":
                known = index.setdefault(f"{parent}.*", [])
                if all(other is not table for other, _ in known):
                    known.append((table, entry))
