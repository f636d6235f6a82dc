"""Golden facts of the JavaScript and TypeScript fixtures: printing and rewriting them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from archlint.extract.ecma import lower
from archlint.extract.grammars import parser
from archlint.model import ir
from archlint.model.facts import FileFacts, FunctionFacts

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "facts"
LANGUAGES = ("javascript", "typescript", "tsx")
_SKIP = {"path", "functions", "line_starts"}
_PLACES = {"end", "paren", "name_at"}


def sources() -> list[Path]:
    """Every fixture source of the three languages."""
    found = [path for name in LANGUAGES for path in (FOLDER / name).iterdir()]
    return sorted(path for path in found if path.suffix != ".facts")


def facts_of(source: str | bytes, language: str = "javascript", path: str = "a.js") -> FileFacts:
    """Facts of a source text."""
    data = source.encode() if isinstance(source, str) else source
    return lower(path, language, data, parser(language).parse(data))


def fixture_facts(path: Path) -> FileFacts:
    """Facts of a fixture; its folder names the language."""
    return facts_of(path.read_bytes(), path.parent.name, path.name)


def brief(value: Any) -> str:
    """A record as ``Kind@start(fields)``, defaults left out."""
    if isinstance(value, tuple):
        return "[" + ", ".join(brief(item) for item in value) + "]"
    if not isinstance(value, msgspec.Struct):
        return repr(value)
    if isinstance(value, ir.Name):
        return value.id
    parts = []
    required = len(value.__struct_fields__) - len(value.__struct_defaults__)
    for place, name in enumerate(value.__struct_fields__):
        item = getattr(value, name)
        if name == "at" or name in _PLACES:
            continue
        if place >= required:
            if item != value.__struct_defaults__[place - required]:
                parts.append(f"{name}={brief(item)}")
        else:
            parts.append(brief(item))
    at = f"@{value.at}" if hasattr(value, "at") else ""
    return f"{type(value).__name__}{at}({', '.join(parts)})"


def printed(facts: FileFacts) -> str:
    """The facts as text, one line per declaration and statement."""
    return "".join(line + "\n" for line in _lines(facts))


def _lines(facts: FileFacts) -> Iterator[str]:
    for name in facts.__struct_fields__:
        value = getattr(facts, name)
        if name in _SKIP or not value:
            continue
        if isinstance(value, tuple) and isinstance(value[0], msgspec.Struct):
            yield f"{name}:"
            yield from (f"  {brief(item)}" for item in value)
        else:
            yield f"{name}: {value!r}"
    for function in facts.functions:
        yield from _function(function)


def _function(function: FunctionFacts) -> Iterator[str]:
    words = [word for word in ("is_async", "generator", "static") if getattr(function, word)]
    yield " ".join([f"function {function.index} {function.kind} {function.name!r}", *words])
    yield f"  at {function.at}..{function.end} name {function.name_at} parent {function.parent}" + (
        f" owner {function.owner}" if function.owner >= 0 else ""
    )
    for name in ("type_params", "params", "results", "decorators"):
        if value := getattr(function, name):
            yield f"  {name}: {brief(value)}"
    if function.body is None:
        yield "  no body"
    for statement in function.body or ():
        yield f"    {brief(statement)}"


def main() -> None:
    """Write every golden file anew."""
    for source in sources():
        source.with_name(source.name + ".facts").write_text(printed(fixture_facts(source)), "utf-8")


if __name__ == "__main__":
    main()
