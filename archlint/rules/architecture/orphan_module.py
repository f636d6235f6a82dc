"""A production module that nothing imports, runs or names.

Why it matters: dead code is read, migrated and kept secure for nothing, and hides which behaviour
is real.
What to do: delete it; if something loads it in a way that cannot be seen, list it as an entry in
package.json (`main`, `exports`, `bin`) or start it from a script.
Guide: structure is what keeps long-running services easy to reason about (L114, L141).
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from archlint.model.facts import FileFacts
from archlint.model.finding import Confidence, Report, Severity
from archlint.model.location import Location
from archlint.model.pattern import lazy_regex
from archlint.program.dependencies.mentions import literals
from archlint.program.dependencies.uses import uses
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import DEPLOYED, component_of
from archlint.rules.registry import rule
from archlint.rules.reporting import file_report

_BY_NAME = lazy_regex(
    r"(?:^|/)(?:[\w-]*migrations?|seeds?|seeders|models?|routes?|routers|controllers|plugins|pages|api|app|commands"
    r"|jobs|workers|tasks|cron|events|listeners|handlers|middlewares?|functions|resolvers|hooks|locales"
    r"|lang|i18n|public|static|assets|views|templates|config|configs|services|policies|scripts)/"
)
"""Folders that frameworks and loaders read by name."""
_WORD = lazy_regex(r"[\w-]+")
LOADED_TOGETHER = 3
"""So many orphans in one folder mean a loader that was not seen."""


@rule(
    "orphan-module",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    languages=("javascript", "typescript"),
)
def orphan_module(program: Program) -> Iterator[Report]:
    """One report a file; silent where files are loaded by folder or by a computed name."""
    found = [path for path in sorted(program.files) if _candidate(program, path)]
    folders = Counter(posixpath.dirname(path) for path in found)
    for path in found:
        if folders[posixpath.dirname(path)] < LOADED_TOGETHER and not _named(program, path):
            message = f"{path} is not imported, started or named anywhere"
            yield file_report(program, Location(path), message, "orphan")


def _candidate(program: Program, path: str) -> bool:
    """Whether no import reaches the file and none that is unresolved could."""
    facts = program.files[path]
    if facts.language == "go" or program.roles.get(path) != "production":
        return False
    imported, unresolved, started = program.once(_reached)
    if path in imported or path in started or _BY_NAME.search(path):
        return False
    return _stem(path) not in unresolved and _judged(program, facts)


def _reached(program: Program) -> tuple[set[str], set[str], set[str]]:
    """What is imported, the last words of unresolved specifiers, and what is started."""
    edges = [edge for linked in program.linked for edge in linked.modules]
    imported = {edge.target for edge in edges if edge.target}
    unresolved = {_stem(edge.specifier) for edge in edges if not edge.target}
    started = {entry.path for entry in program.entry_points}
    started.update(main for c in program.workspace.components for main in c.mains)
    return imported, unresolved, started


def _stem(path: str) -> str:
    """A file's name without extensions; for an index file its folder's."""
    stem = posixpath.basename(path).partition(".")[0]
    return posixpath.basename(posixpath.dirname(path)) or stem if stem == "index" else stem


def _judged(program: Program, facts: FileFacts) -> bool:
    """Whether the file belongs to a deployed component whose loading can be followed."""
    owner = uses(program).owner(facts.path)
    component = component_of(program, owner.path) if owner else None
    if owner is None or component is None or component.kind not in DEPLOYED or facts.problem:
        return False
    if facts.shebang or not component.mains or not (len(facts.functions) > 1 or facts.classes):
        return False
    return owner.path not in program.once(_dynamic)


def _dynamic(program: Program) -> set[str]:
    """Manifests whose production code imports by a wholly computed name."""
    owners = uses(program)
    found = set()
    for path, facts in program.files.items():
        computed = any(i.specifier is None and not i.pattern for i in facts.imports)
        owner = owners.owner(path) if computed else None
        if owner is not None and program.roles.get(path) == "production":
            found.add(owner.path)
    return found


def _named(program: Program, path: str) -> bool:
    """Whether some string, script or document holds the file's name."""
    stem = _stem(path)
    if not _WORD.fullmatch(stem):
        return False
    word = re.compile(rf"(?<![\w-]){re.escape(stem)}(?![\w-])")
    return any(stem in text and word.search(text) for text in program.once(_texts))


def _texts(program: Program) -> list[str]:
    """Every string of the sources, as one text, and the documents."""
    texts = ["\0".join([s for f in program.files.values() for s in literals(f)])]
    texts += [text for text in program.workspace.documents.values() if len(text) < 300_000]
    return texts
