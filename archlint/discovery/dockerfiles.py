"""Which Dockerfile builds a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archlint.discovery.roles import role_of
from archlint.model.pattern import lazy_regex

_DOCKERFILE = lazy_regex(
    r"(?:[\w.-]+\.)?Dockerfile(?:\.[\w.-]+)?$|[\w.-]+\.dockerfile$|Containerfile", re.IGNORECASE
)


_WORKPLACE = lazy_regex(r"(?:^|/)\.(?:devcontainer|gitpod|vscode)\b")
"""Recipes of places to develop in."""
_TEST_NAME = lazy_regex(r"(?:^|[._-])(?:tests?|e2e|integration)(?:[._-]|$)", re.IGNORECASE)
_RECIPE_FOLDERS = ("docker", ".docker", "build", "dev/build", "deploy", "build/docker", "ci")
_STAGE_NAME = lazy_regex(
    r"(?:base|builder|build|dev|test|e2e|debug)[\w-]*\.|[.-](?:dev|test|e2e|debug)"
)


def is_dockerfile(path: str) -> bool:
    """Whether a document is an image recipe, by its name."""
    name = path.rpartition("/")[2]
    return _DOCKERFILE.match(name) is not None and not name.endswith((".dockerignore", ".md"))


def is_test_bed(path: str) -> bool:
    """Whether an image recipe builds what tests run in: by its folder or its name."""
    return role_of(path) == "test" or _TEST_NAME.search(path.rpartition("/")[2]) is not None


def dockerfile_of(
    root: str, names: Iterable[str], documents: dict[str, str], near_only: bool = False
) -> str:
    """The Dockerfile of the component at ``root``, "" for none.

    One in its folder (or its docker/ folder), else one elsewhere that names the folder. Of a
    library (``near_only``) the latter is the recipe of a program that takes it in.
    """
    recipes = sorted(
        path
        for path in documents
        if is_dockerfile(path) and not _WORKPLACE.search(path) and not is_test_bed(path)
    )
    prefix = root + "/" if root else ""
    folders = {root, *(prefix + name for name in _RECIPE_FOLDERS)}
    near = [p for p in recipes if p.rpartition("/")[0] in folders]
    if near:
        return min(near, key=lambda p: (_STAGE_NAME.search(p) is not None, len(p), p))
    if not root or near_only:
        return ""
    wanted = [root, *(name for name in names if name)]
    pattern = re.compile("|".join(rf"(?<![\w-]){re.escape(word)}(?![\w-])" for word in wanted))
    for path in recipes:
        if pattern.search(documents[path]):
            return path
    return ""
