"""Whether a stage's node_modules holds development dependencies, from what its Dockerfile runs."""

from __future__ import annotations

import posixpath
import re

import msgspec

from archlint.discovery.docker import Instruction
from archlint.model.pattern import lazy_regex
from archlint.rules.deployment._recipes import Origin, Recipes, shell_text

_INSTALL = lazy_regex(
    r"\b(?:(?P<npm>npm|pnpm)\s+(?:--?[\w-]+(?:=\S+)?\s+)*(?:ci|install|i)\b(?!-)"
    r"|(?P<yarn>yarn)(?:\s+install)?(?=\s*(?:$|&|;|\|\||\n|--))"
    r"|bun\s+install)(?P<rest>[^\n&;|]*)"
)
_GLOBAL = lazy_regex(r"(?:^|\s)(?:-g|--global|--location[= ]global)(?:\s|$)")
_WITH_VALUE = frozenset(
    {"--filter", "-F", "--prefix", "-C", "--dir", "--cache", "--registry", "--store-dir", "-w"}
    | {"--workspace", "--loglevel", "--omit", "--include", "--only", "--reporter", "--cwd"}
    | {"--fetch-timeout", "--network-timeout", "--maxsockets", "--modules-folder", "--mutex"}
)
_WITHOUT_DEV = lazy_regex(
    r"--omit[= ]dev|--only[= ]prod|--production(?!=false)|--prod\b|-P\b|workspaces\s+focus|--no-dev"
)
_PRUNE = lazy_regex(
    r"npm\s+prune|pnpm\s+(?:prune|(?:--\S+\s+)*deploy)|yarn\s+workspaces\s+focus|--production"
    r"|--omit[= ]dev|--prod\b|rm\s+-rf?\s[^\n&;]*node_modules|modclean|node-prune"
)
_PRODUCTION = lazy_regex(r"NODE_ENV[= ]\"?production")


class Installs(msgspec.Struct, frozen=True):
    """What Dockerfiles install; ``berry``: its yarn is of version 2 or later.

    Such a yarn installs everything whatever NODE_ENV says.
    """

    found: Recipes
    berry: bool = False

    def dev(self, origin: Origin) -> bool | None:
        """Whether development dependencies are in the image; None where nothing is installed.

        A package.json that is not in the repo was made by a build: what it lists is not known.
        """
        state: bool | None = None
        production = False
        made = False
        for recipe, stage in reversed(origin.stages):
            for item in stage.instructions:
                if item.keyword == "ENV" and _PRODUCTION.search(item.text):
                    production = True
                elif item.keyword == "RUN":
                    state = state if made else self._after(item, production, state)
                elif item.keyword == "COPY" and item.flag("from"):
                    source = recipe.stage(item.flag("from"))
                    if source is not None and source.index < stage.index:
                        state = self._copied(item, self.found.origin(recipe, source), state)
                elif item.keyword == "COPY" and "package.json" in item.text:
                    made = not self._in_repo(recipe.path, item)
        return state

    def _in_repo(self, path: str, item: Instruction) -> bool:
        """Whether each package.json that is copied by name lies in a folder it may come from."""
        tree = self.found.program.workspace.tree
        folders = {"", posixpath.dirname(path), *self.found.contexts(path)}
        words = item.words or tuple(item.text.split())
        named = [w for w in words[:-1] if re.fullmatch(r"(?:[\w.@-]*/)*package\.json", w)]
        return all(
            any(posixpath.normpath(posixpath.join(f, w.lstrip("/"))) in tree for f in folders)
            for w in named
        )

    def _after(self, item: Instruction, production: bool, state: bool | None) -> bool | None:
        text = shell_text(item).replace("\\\n", " ")
        for match in _INSTALL.finditer(text):
            if _GLOBAL.search(match["rest"]) or (match["npm"] and _names_packages(match["rest"])):
                continue
            quiet = production or "NODE_ENV=production" in text
            heeds = not (match["yarn"] and self.berry)
            state = not (_WITHOUT_DEV.search(match[0]) or (quiet and heeds))
        if state and _PRUNE.search(text):
            return False
        return state

    def _copied(self, item: Instruction, source: Origin, state: bool | None) -> bool | None:
        """After a copy from another stage: what that one has, if its node_modules comes along."""
        words = item.words or tuple(item.text.split())
        last, installed = _folders(source)
        for word in words[:-1]:
            full = posixpath.normpath(posixpath.join(last, word))
            if full.endswith("/node_modules") or full in installed:
                return self.dev(source) is True
        return state


def _names_packages(rest: str) -> bool:
    """Whether an installation is told what to install: that is not what package.json lists."""
    words = iter(rest.split())
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith(("-", "\\", '"{', "$", ">", "2>", "#", ")", "}")):
            return word not in {".", "./"}
    return False


def _folders(origin: Origin) -> tuple[str, set[str]]:
    """The folder in which a stage's work ends, and those in which it installs."""
    folder = "/"
    found: set[str] = set()
    for item in origin.instructions:
        if item.keyword == "WORKDIR":
            folder = posixpath.normpath(posixpath.join(folder, item.text.strip().strip("\"'")))
        elif item.keyword == "RUN" and _INSTALL.search(shell_text(item)):
            found.add(folder)
    return folder, found
