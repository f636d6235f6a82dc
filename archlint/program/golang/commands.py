"""Commands that libraries find by the tags of a struct's fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.frameworks import TagEntry
from archlint.model import ir
from archlint.model.finding import Context, EntryPoint
from archlint.model.location import line_of
from archlint.program.golang.select import select
from archlint.program.golang.source import Unit
from archlint.program.golang.types import named

if TYPE_CHECKING:
    from archlint.program.golang.linker import GoLinker


def tagged_commands(linker: GoLinker) -> Iterator[EntryPoint]:
    """The methods that run for fields like ``Serve serveCmd `command:"serve"` ``."""
    for table in linker.tables:
        for entry in table.tag:
            if not any(linker.imports(package) for package in entry.package):
                continue
            for unit in linker.world.production():
                for type_ in unit.facts.types:
                    if isinstance(type_.type, ir.TStruct):
                        for field in type_.type.fields:
                            yield from _command(linker, unit, field, (entry, table.name))


def _command(
    linker: GoLinker, unit: Unit, field: ir.TField, by: tuple[TagEntry, str]
) -> Iterator[EntryPoint]:
    entry, framework = by
    value = _value(field.tag, entry.tag)
    base = named(unit.convert(field.type)) if value is not None else None
    for name in entry.methods if base is not None else ():
        found = select(base, name)
        function = found.method.function if found and found.method is not None else None
        if function is None:
            continue
        home = linker.world.units[function[0]]
        yield EntryPoint(
            kind=Context.CLI,
            label=entry.label.replace("{name}", value or field.name.lower()),
            path=function[0],
            line=line_of(home.facts, home.facts.functions[function[1]].at),
            framework=framework,
            function=function,
        )


def _value(tag: str, key: str) -> str | None:
    """The value of a key of a struct tag; None when it is not there."""
    found = re.search(rf'(?:^|\s){key}:"([^"]*)"', tag)
    return found.group(1) if found is not None else None
