"""Where in a manifest a key stands."""

from __future__ import annotations

import re

from archlint.model.location import Location
from archlint.model.pattern import lazy_regex
from archlint.program.program import Program

_TOKEN = lazy_regex(r'"([^"\\]*(?:\\.[^"\\]*)*)"|[{}\[\]:,]', re.DOTALL)
_MAX_DEPTH = 3


def json_place(program: Program, path: str, *keys: str) -> Location:
    """Where a nested key of a JSON document stands; the file's start when it has none."""
    index: dict[str, dict[tuple[str, ...], Location]]
    index = program.memo.setdefault("dependencies.places", {})
    if path not in index:
        index[path] = _index(path, program.workspace.documents.get(path, ""))
    return index[path].get(keys, Location(path))


def _index(path: str, text: str) -> dict[tuple[str, ...], Location]:
    """Every object key down to three levels; a repeated key keeps its last place."""
    places: dict[tuple[str, ...], Location] = {}
    trail: list[str | None] = []
    key: str | None = None
    line, line_start, seen = 1, 0, 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "{":
            trail.append(key)
            key = None
        elif token == "[":
            trail.append(None)
            key = None
        elif token in "}]":
            key = None
            if trail:
                trail.pop()
        elif token == ",":
            key = None
        elif token != ":" and key is None:
            line += text.count("\n", seen, match.start())
            seen = match.start()
            line_start = text.rfind("\n", 0, seen) + 1
            key = match[1]
            if len(trail) <= _MAX_DEPTH and None not in trail[1:]:
                column = match.start() - line_start + 1
                end = column + len(token)
                full = (*(part for part in trail[1:] if part is not None), key)
                places[full] = Location(path, line, column, line, end)
    return places


def line_place(program: Program, path: str, line: int) -> Location:
    """A whole line of a document, without its indentation."""
    lines = program.workspace.documents.get(path, "").splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    start = len(text) - len(text.lstrip()) + 1
    return Location(path, max(line, 1), start, max(line, 1), max(len(text.rstrip()) + 1, start))


def dependency_place(program: Program, path: str, name: str) -> Location:
    """Where a package.json declares a dependency."""
    for section in (
        "dependencies",
        "optionalDependencies",
        "devDependencies",
        "peerDependencies",
    ):
        place = json_place(program, path, section, name)
        if place != Location(path):
            return place
    return Location(path)
