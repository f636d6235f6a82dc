"""Import paths of packages, inside and outside modules."""

from __future__ import annotations

import pytest

from archlint.model.workspace import GoModule, Workspace
from archlint.program.golang.modules import Modules

FOLDERS = {"cmd/shop", "internal/shop", "tools/shopctl", "tools/shopctl/internal"}


@pytest.mark.parametrize(
    ("path", "importer", "folder"),
    [
        ("example.com/team/shop/internal/shop", "cmd/shop", "internal/shop"),
        ("example.com/shopctl/internal", "tools/shopctl", "tools/shopctl/internal"),
        ("example.com/other/internal/shop", "tools/shopctl", None),
        ("example.com/other/tools/shopctl", "cmd/shop", None),
        ("example.com/other/lib", "cmd/shop", None),
    ],
)
def test_a_tree_without_a_module_at_its_root(path: str, importer: str, folder: str | None) -> None:
    """What no module holds is resolved as in a GOPATH, beside a module of a folder."""
    module = GoModule(
        path="tools/shopctl/go.mod", root="tools/shopctl", module="example.com/shopctl"
    )
    modules = Modules(Workspace(root="", go_modules=(module,)), FOLDERS)
    assert modules.folder(path, importer) == folder
