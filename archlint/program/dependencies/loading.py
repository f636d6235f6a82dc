"""What computed imports may load, by the parts of their paths that are written down."""

from __future__ import annotations

import re
from collections import deque
from posixpath import dirname, join, normpath

from archlint.model.facts import ImportFacts
from archlint.model.pattern import lazy_regex
from archlint.program.dependencies.uses import uses
from archlint.program.program import Program

_ENDING = r"(?:\.[cm]?[jt]sx?|/index\.[cm]?[jt]sx?)?"
_FOLDER = lazy_regex(r"(?:^|/)[\w.-]{3,}/")


def loaded(program: Program, mains: tuple[str, ...]) -> frozenset[str]:
    """The files that some entry files import at run time, directly or through others.

    A computed import counts for every file that fits its pattern.
    """
    graph = program.module_graph
    seen = {path for path in mains if path in program.files}
    queue = deque(sorted(seen))
    while queue:
        path = queue.popleft()
        found = [
            target
            for target, data in (graph.adj[path].items() if path in graph else ())
            if any(not edge.type_only and edge.kind != "computed" for edge in data["edges"])
        ]
        for target in (*found, *by_pattern(program, path)):
            if target not in seen:
                seen.add(target)
                queue.append(target)
    return frozenset(seen)


def by_pattern(program: Program, path: str) -> list[str]:
    """The files that a file's computed imports may mean, sorted."""
    facts = program.files.get(path)
    items = facts.imports if facts is not None and facts.language != "go" else ()
    patterns = [found for item in items if (found := _pattern(path, item)) is not None]
    if not patterns:
        return []
    owners = uses(program)
    owner = owners.owner(path)
    own = owners.files.get(owner.path, ()) if owner is not None else ()
    return sorted({file for file in own if any(p.search(file) for p in patterns) and file != path})


def _pattern(path: str, item: ImportFacts) -> re.Pattern[str] | None:
    """What matches the files that a computed import may mean; None where too little is written.

    ``./x/*`` starts at the file's folder; where the start is computed (``*/models/*``) the rest
    must name a folder.
    """
    text = item.pattern
    if item.specifier is not None or "*" not in text:
        return None
    if text.startswith(("./", "../")):
        head, text = "^", normpath(join(dirname(path), text))
        if text.startswith(".."):
            return None
    elif text.startswith("*"):
        head, text = "(?:^|/)", text.lstrip("*").lstrip("/")
        if not _FOLDER.match(text):
            return None
    else:
        return None
    parts = (re.escape(part) for part in re.split(r"\*+", text))
    return re.compile(head + "[^/]*".join(parts) + _ENDING + "$")
