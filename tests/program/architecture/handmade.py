"""Programs made by hand: a module graph without source."""

from typing import Any

from archlint.config import Config
from archlint.model.facts import FileFacts
from archlint.model.finding import Coverage
from archlint.model.workspace import Workspace
from archlint.program.program import Linked, ModuleEdge, Program


def program(*imports: str, config: Config | None = None, **workspace: Any) -> Program:
    """``"a.js -> b.js"`` per import; ``~>`` for type-only ones, ``=>`` for lazy ones."""
    linked = Linked()
    files: dict[str, FileFacts] = {}
    for at, text in enumerate(imports):
        source, arrow, target = text.split()
        for name in (source, target):
            if ":" not in name:
                files[name] = FileFacts(name, "javascript", 0, (0,), ())
        edge = ModuleEdge(source, target, target, at, "import", arrow == "~>", arrow == "=>",
                          path=source)  # fmt: skip
        linked.modules.append(edge)
    return Program(
        workspace=Workspace(root="/", **workspace),
        config=config or Config(),
        files=files,
        roles={},
        linkers=None,
        linked=(linked,),
        entry_points=(),
        coverage=Coverage(),
    )
