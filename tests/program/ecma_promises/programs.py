"""Small programs in memory: files by path, linked, with the analyses of promises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from archlint.extract.grammars import lowering, parser
from archlint.model.facts import FileFacts
from archlint.model.workspace import SourceFile, Workspace
from archlint.program.ecma import EcmaLinker
from archlint.program.ecma.index import FileIndex
from archlint.program.ecma_promises.floating import unhandled
from archlint.program.ecma_promises.kinds import FunctionId
from archlint.program.ecma_promises.misuse import Misuses
from archlint.program.ecma_promises.promiseness import Promises
from archlint.program.ecma_promises.rejection import Rejections

_LANGUAGES = {".js": "javascript", ".ts": "typescript", ".tsx": "tsx"}


@dataclass
class Small:
    """The analyses of a few files; ``a.ts`` or ``a.js`` is the one that tests look at."""

    facts: dict[str, FileFacts]
    promises: Promises
    rejections: Rejections

    @property
    def first(self) -> FileFacts:
        return next(iter(self.facts.values()))

    @property
    def index(self) -> FileIndex:
        found = self.promises.ecma.evaluator.file(self.first.path)
        assert found is not None
        return found

    def function(self, name: str) -> FunctionId:
        for path, facts in self.facts.items():
            for function in facts.functions:
                if function.name == name:
                    return (path, function.index)
        raise KeyError(name)

    def rejects(self, name: str) -> bool:
        return self.rejections.function(self.function(name))

    def floating(self) -> list[str]:
        """The sources of the statements whose promise nobody handles."""
        path = self.first.path
        found = [
            (stmt.at, stmt.end)
            for index, stmt in self.index.noted.statements
            if unhandled(self.promises, (path, index), stmt.value) is not None
        ]
        return [_SOURCES[self.first.path][at:end].rstrip(";\n") for at, end in sorted(found)]

    def misused(self) -> list[str]:
        misuses = Misuses(self.promises)
        found = [*misuses.of(self.index), *misuses.inherited(self.index)]
        return [item.kind for item in sorted(found, key=lambda item: item.at)]


_SOURCES: dict[str, str] = {}


def small(sources: dict[str, str] | str, path: str = "a.ts") -> Small:
    """Link sources; a bare string is the file ``path``."""
    files = {path: sources} if isinstance(sources, str) else sources
    facts = {}
    listed = []
    for name, text in files.items():
        _SOURCES[name] = text
        language = _LANGUAGES[PurePosixPath(name).suffix]
        data = text.encode()
        facts[name] = lowering(language)(name, language, data, parser(language).parse(data))
        listed.append(SourceFile(name, language, len(data)))
    linker = EcmaLinker(Workspace(root="", files=tuple(listed)), facts)
    linker.link()
    promises = Promises(linker)
    return Small(facts, promises, Rejections(promises))
