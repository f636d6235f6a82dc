"""Requirements of Go modules by their own go.mod files, as far as these are on the machine."""

from __future__ import annotations

import os
from collections import deque

from archlint.discovery.manifests.gomod import parse_go_mod
from archlint.model.errors import ManifestError
from archlint.model.workspace import GoModule, Workspace
from archlint.program.golang.vendored import escaped, module_cache, read_source


def required_chain(workspace: Workspace, module: GoModule, name: str) -> tuple[str, ...]:
    """The shortest chain of requirements from a go.mod to a module, as ``module@version``.

    The go.mod files of modules are looked for in the repo and in the module cache; without them
    only a direct requirement has a chain, and () is the answer for the others.
    """
    own = {item.module: item for item in workspace.go_modules}
    chosen = {item.module: item.version for item in module.requires}
    direct = [item.module for item in module.requires if not item.indirect]
    came: dict[str, str] = dict.fromkeys(direct, "")
    queue = deque(direct)
    while queue:
        above = queue.popleft()
        if above == name:
            steps = [above]
            while came[steps[-1]]:
                steps.append(came[steps[-1]])
            return tuple(f"{step}@{chosen.get(step, '')}".rstrip("@") for step in steps[::-1])
        found = own.get(above) or _cached(above, chosen.get(above, ""))
        for item in found.requires if found else ():
            if item.module not in came and item.module in chosen:
                came[item.module] = above
                queue.append(item.module)
    return ()


def _cached(module: str, version: str) -> GoModule | None:
    """A module's go.mod in the module cache's downloads."""
    cache = module_cache()
    if cache is None or not version:
        return None
    place = os.path.join(cache, "cache/download", escaped(module), "@v", f"{escaped(version)}.mod")
    text = read_source(place).decode("utf-8", "replace")
    try:
        return parse_go_mod("go.mod", text) if text else None
    except ManifestError:
        return None
