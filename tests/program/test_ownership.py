"""Which component owns a file."""

from __future__ import annotations

from archlint.model.finding import Context, EntryPoint
from archlint.model.workspace import Component
from archlint.program.ownership import Ownership, described
from archlint.program.program import ModuleEdge


def go(name: str, root: str, kind: str) -> Component:
    """A Go component whose main file is ``main.go``."""
    main = f"{root}/main.go" if root else "main.go"
    return Component(name=name, root=root, runtime="go", kind=kind, mains=(main,))


SERVER = go("server", "cmd/server", "service")
TOOL = go("ctl", "cmd/ctl", "cli")
WEB = Component(name="web", root="web", runtime="node", kind="frontend")
EDGES = (
    ModuleEdge("cmd/ctl", "internal/flags", "x/internal/flags", 0, path="cmd/ctl/main.go"),
    ModuleEdge("cmd/ctl", "internal/api", "x/internal/api", 0, path="cmd/ctl/main.go"),
    ModuleEdge("cmd/server", "internal/api", "x/internal/api", 0, path="cmd/server/main.go"),
    ModuleEdge("internal/api", "internal/db", "x/internal/db", 0, path="internal/api/a.go"),
    ModuleEdge("internal/db", "internal/fake", "x/f", 0, path="internal/db/db_test.go"),
)


def test_the_deepest_root_of_the_runtime_owns() -> None:
    owners = Ownership((SERVER, TOOL, WEB), EDGES)
    assert owners.of("web/src/app.ts") == WEB
    assert owners.of("cmd/server/main.go") == SERVER
    assert owners.of("README.md") is None


def test_a_shared_package_belongs_to_the_service_that_imports_it() -> None:
    owners = Ownership((TOOL, SERVER, WEB), EDGES)
    assert owners.of("internal/api/a.go") == SERVER
    assert owners.of("internal/db/db.go") == SERVER, "through another package"
    assert owners.of("internal/flags/f.go") == TOOL
    assert owners.of("internal/fake/fake.go") is None, "imported by a test alone"


def test_a_package_in_a_command_s_folder_is_its_own_whoever_imports_it() -> None:
    edge = ModuleEdge("cmd/server", "cmd/ctl/app", "x/cmd/ctl/app", 0, path="cmd/server/main.go")
    owners = Ownership((SERVER, TOOL), (*EDGES, edge))
    assert owners.of("cmd/ctl/app/app.go") == TOOL


def test_a_command_that_serves_is_a_service() -> None:
    entry = EntryPoint(
        kind=Context.REQUEST, label="GET /", path="a.go", line=1, framework="gin", component="ctl"
    )
    (told,) = described((TOOL,), (entry,))
    assert (told.kind, told.frameworks) == ("service", ("gin",))
    assert described((TOOL,), ()) == (TOOL,)


def test_a_framework_is_named_once() -> None:
    entries = tuple(
        EntryPoint(
            kind=Context.REQUEST, label="x", path="a", line=1, framework=name, component="web"
        )
        for name in ("nestjs", "node", "ws")
    )
    web = Component(
        name="web", root="web", runtime="node", kind="service", frameworks=("@nestjs/core",)
    )
    (told,) = described((web,), entries)
    assert told.frameworks == ("@nestjs/core", "ws")
