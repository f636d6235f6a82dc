"""Golden facts of the Go fixtures: how they are printed, and a way to write them anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import tree_sitter
import tree_sitter_go

from archlint.extract.golang import lower
from archlint.model.facts import FileFacts, FunctionFacts

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "facts" / "go"
_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_go.language()))
_SKIP = {"path", "functions", "line_starts"}


def facts_of(source: str | bytes, path: str = "a.go", *, bodies: bool = True) -> FileFacts:
    data = source.encode() if isinstance(source, str) else source
    return lower(path, "go", data, _PARSER.parse(data), bodies=bodies)


def printed(facts: FileFacts) -> str:
    return "".join(line + "\n" for line in _lines(facts))


def _lines(facts: FileFacts) -> Iterator[str]:
    for name in facts.__struct_fields__:
        value = getattr(facts, name)
        if name in _SKIP or not value:
            continue
        if isinstance(value, tuple):
            yield f"{name}:"
            yield from (f"  {item!r}" for item in value)
        else:
            yield f"{name}: {value!r}"
    for function in facts.functions:
        yield from _function(function)


def _function(function: FunctionFacts) -> Iterator[str]:
    yield f"function {function.index} {function.kind} {function.name!r}"
    for name in ("at", "end", "name_at", "parent"):
        yield f"  {name}: {getattr(function, name)}"
    for name in ("receiver", "type_params", "params", "results"):
        if value := getattr(function, name):
            yield f"  {name}: {value!r}"
    if function.body is None:
        yield "  no body"
    for statement in function.body or ():
        yield f"    {statement!r}"


def main() -> None:
    for source in sorted(FOLDER.glob("*.go")):
        text = printed(facts_of(source.read_bytes(), source.name))
        source.with_name(source.name + ".facts").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
