"""What each package.json and go.mod really installs, from the lockfiles alone."""

from archlint.program.dependencies.figures import (
    Deprecated,
    Duplicate,
    Figures,
    component_figures,
    node_figures,
)
from archlint.program.dependencies.gomodules import go_figures
from archlint.program.dependencies.gowhy import Need, go_chains, is_standard, needs, own_module
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
    "Need",
    "Tree",
    "component_figures",
    "dependency_place",
    "dependency_tree",
    "dependency_trees",
    "go_chains",
    "go_figures",
    "is_standard",
    "json_place",
    "line_place",
    "locked_repo",
    "needs",
    "node_figures",
    "own_module",
    "tree_of",
    "why",
]
