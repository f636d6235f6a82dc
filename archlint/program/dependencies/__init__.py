"""What each package.json and go.mod really installs, from the lockfiles alone."""

from archlint.program.dependencies.figures import (
    Deprecated,
    Duplicate,
    Figures,
    component_figures,
    node_figures,
)
from archlint.program.dependencies.gomodules import go_figures
from archlint.program.dependencies.locks import LockedRepo, locked_repo
from archlint.program.dependencies.places import dependency_place, json_place, line_place
from archlint.program.dependencies.tree import Tree, dependency_tree, dependency_trees, tree_of
from archlint.program.dependencies.why import Chain, why

__all__ = [
    "Chain",
    "Deprecated",
    "Duplicate",
    "Figures",
    "LockedRepo",
    "Tree",
    "component_figures",
    "dependency_place",
    "dependency_tree",
    "dependency_trees",
    "go_figures",
    "json_place",
    "line_place",
    "locked_repo",
    "node_figures",
    "tree_of",
    "why",
]
