"""Why a Go module is there: which go.mod asks for it, and the imports that lead to it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from archlint.discovery.manifests.gomod import go_work_replaces
from archlint.knowledge.golang.table import standard_library
from archlint.model.facts import FileFacts
from archlint.model.workspace import GoModule, GoReplace, Workspace
from archlint.program.dependencies.goimports import Imports
from archlint.program.dependencies.gomodfiles import required_chain
from archlint.program.dependencies.gomodules import vendored
from archlint.program.dependencies.why import Chain


class Need(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """What one go.mod says of a module; ``line`` is 0 where no ``require`` names it.

    ``vendored`` is None without a vendor/modules.txt; ``replacement`` and ``excluded`` versions
    are empty where nothing is said.
    """

    manifest: str
    module: str
    version: str
    line: int = 0
    indirect: bool = False
    replacement: str = ""
    excluded: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    vendored: bool | None = None


def is_standard(name: str) -> bool:
    """Whether an import path is Go's own: their first element has no dot."""
    return name in {"C", "unsafe"} or name in standard_library()


def module_of(path: str, modules: Iterable[str]) -> str:
    """The module that holds a package: the longest of their paths that begins it, "" for none."""
    found = [m for m in modules if path == m or path.startswith(f"{m}/")]
    return max(found, key=len, default="")


def known_modules(workspace: Workspace) -> frozenset[str]:
    """Every module that a go.mod or a vendor/modules.txt of the repo names, its own too."""
    names: set[str] = set()
    for module in workspace.go_modules:
        names.add(module.module)
        names.update(item.module for item in module.requires)
        names.update(item.module for item in module.replaces)
        names.update(name for name, _ in module.excludes)
        names.update(item.module for item in vendored(workspace, module) or ())
    return frozenset(names)


def needs(workspace: Workspace, name: str) -> tuple[Need, ...]:
    """What each go.mod of the repo says of the module that ``name`` is, or is a package of."""
    known = known_modules(workspace)
    module = module_of(name, known)
    if not module:
        return ()
    found = (_need(workspace, item, module, known) for item in workspace.go_modules)
    return tuple(sorted(need for need in found if need is not None))


def own_module(workspace: Workspace, name: str) -> str:
    """The module of the repo that holds a package, "" for none."""
    return module_of(name, [module.module for module in workspace.go_modules])


def _need(workspace: Workspace, module: GoModule, name: str, known: frozenset[str]) -> Need | None:
    packed = vendored(workspace, module)
    held = next((item for item in packed or () if item.module == name), None)
    require = next((item for item in module.requires if item.module == name), None)
    excluded = tuple(version for other, version in module.excludes if other == name)
    version = require.version if require else held.version if held else ""
    replaces = (*_of_work(workspace, module), *module.replaces)
    replace = next((r for r in replaces if _applies(r, name, version)), None)
    tools = tuple(tool for tool in module.tools if module_of(tool, known) == name)
    if require is None and held is None and replace is None and not excluded:
        return None
    return Need(
        manifest=module.path,
        module=name,
        version=version,
        line=require.line if require else 0,
        indirect=require.indirect if require else False,
        replacement=_target(replace) if replace else held.replacement if held else "",
        excluded=excluded,
        tools=tools,
        vendored=None if packed is None else held is not None and bool(held.packages),
    )


def _of_work(workspace: Workspace, module: GoModule) -> tuple[GoReplace, ...]:
    """What the go.work that uses a module replaces: it wins over the go.mod."""
    text = workspace.documents.get("go.work", "")
    return go_work_replaces(text) if module.root in workspace.go_work else ()


def _applies(replace: GoReplace, name: str, version: str) -> bool:
    return replace.module == name and replace.version in {"", version}


def _target(replace: GoReplace) -> str:
    return f"{replace.target} {replace.target_version}".rstrip()


def go_chains(
    workspace: Workspace, files: Mapping[str, FileFacts], name: str, found: tuple[Need, ...]
) -> tuple[Chain, ...]:
    """The shortest chain from each command and tool of a go.mod to a package of the module.

    Where no command reaches one, what else imports it: a library's package, then a test; where
    nothing does, the requirements of the modules between, as far as their go.mod files are here.
    """
    imports = Imports(workspace, files, known_modules(workspace))
    chains: list[Chain] = []
    for need in found:
        wanted = _wanted(imports, name, need.module)
        steps = list(dict.fromkeys(_steps(workspace, imports, need, wanted)))
        if not steps and need.version:
            module = next(m for m in workspace.go_modules if m.path == need.manifest)
            steps = [required_chain(workspace, module, need.module)]
        chains.extend(Chain(need.manifest, item) for item in steps if item)
    return tuple(sorted(chains, key=lambda c: (c.manifest, len(c.steps), c.steps)))


def _wanted(imports: Imports, name: str, module: str) -> str:
    """The package asked for; "" for any package of the module."""
    return "" if name == module or not imports.is_package(name) else name


def _steps(
    workspace: Workspace, imports: Imports, need: Need, wanted: str
) -> Iterator[tuple[str, ...]]:
    """The chains of one go.mod, by the first way of looking that finds any."""
    manifest = need.manifest
    commands = [
        item.root
        for item in workspace.components
        if item.runtime == "go" and item.manifest == manifest and item.mains and item.kind != "test"
    ]
    root = posixpath.dirname(manifest)
    for deep in (False, True):
        ways = [imports.way((c,), need.module, wanted, deep=deep) for c in commands]
        tools = [imports.from_tool(tool, need.module, wanted, deep=deep) for tool in need.tools]
        if any(ways) or any(tools):
            yield from (_labelled(workspace, way, need) for way in (*ways, *tools) if way)
            return
    for tests in (False, True):
        for deep in (False, True):
            own = imports.folders(root)
            way = imports.way(own, need.module, wanted, deep=deep, tests=tests)
            if way:
                yield _labelled(workspace, way, need)
                return


def _labelled(workspace: Workspace, way: tuple[str, ...], need: Need) -> tuple[str, ...]:
    """A way with the versions of the packages outside the repo."""
    module = next(m for m in workspace.go_modules if m.path == need.manifest)
    packed = vendored(workspace, module) or ()
    versions = {item.module: item.version for item in packed}
    versions.update({item.module: item.version for item in module.requires})
    versions.setdefault(need.module, need.version)
    return tuple(_label(step, versions) for step in way)


def _label(step: str, versions: Mapping[str, str]) -> str:
    if not step.startswith("go:"):
        return step
    path = step[3:]
    version = versions.get(module_of(path, versions), "")
    return f"{path}@{version}" if version else path
