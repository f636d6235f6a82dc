"""What the deployment rules share: the repo's image recipes, followed across stages and files."""

from __future__ import annotations

import re
from functools import cached_property

import msgspec

from archlint.discovery.docker import (
    Dockerfile,
    Image,
    Instruction,
    Stage,
    parse_dockerfile,
    parse_image,
)
from archlint.discovery.dockerfiles import is_dockerfile, is_test_bed
from archlint.model.errors import ManifestError
from archlint.model.pattern import lazy_regex
from archlint.model.workspace import Component
from archlint.program.program import Program
from archlint.rules.deployment._builds import Build, builds

_NOT_SHIPPED = lazy_regex(
    r"(?:^|/)(?:tests?|e2e|examples?|samples?|demos?|docs?|vendor|third_party|fixtures|testdata"
    r"|\.[\w-]+|dev[\w-]*|containers?|hack|contrib|benchmarks?|tools?|[\w-]*build-image)/|(?:^|[/._-])(?:dev|test|debug|local"
    r"|e2e|lint|docs?|ci|devcontainer|base|builder)[\w-]*\.(?:dockerfile)$"
    r"|dockerfile[._-](?:dev|test|debug|local|e2e|lint|docs?|ci|base|builder)[\w-]*$",
    re.IGNORECASE,
)
_NEVER_SHIPPED = lazy_regex(
    r"(?:^|/)(?:tests?|e2e|examples?|fixtures|testdata)/"
    r"|dockerfile(?:\.\w+)*\.(?:tilt|skaffold)$"
    r"|dockerfile[._-](?:e2e|tests?)(?:[._-][\w.-]*)?$|(?:^|/)(?:e2e|tests?)(?:[._-]\w+)*\.dockerfile$",
    re.IGNORECASE,
)
_DEV_STAGE = lazy_regex(
    r"(?:^|[-_])(?:dev|development|test|tests|debug|lint|ci|pr|nightly)(?:$|[-_\d])"
)

_MAKES = lazy_regex(r"^\W*(?:/usr/bin/)?make\b")
_TESTS = lazy_regex(
    r"\bgo\W+test\b|\b(?:npm|yarn|pnpm|bun)\W+(?:run\W+)?test\b"
    r"|\b(?:gotestsum|ginkgo|jest|vitest|mocha|playwright|cypress)\b"
)
"""What an image runs that is there to test."""


class Origin(msgspec.Struct, frozen=True):
    """Where a stage's file system comes from: every stage on the way, and the image at its root."""

    stages: tuple[tuple[Dockerfile, Stage], ...]
    image: Image

    @property
    def instructions(self) -> list[Instruction]:
        """All instructions, the oldest first."""
        return [item for _, stage in reversed(self.stages) for item in stage.instructions]

    @property
    def environment(self) -> dict[str, str]:
        """ENV and ARG values in force at the end."""
        found: dict[str, str] = {}
        for _, stage in reversed(self.stages):
            found.update(stage.environment)
        return found


class Recipes(msgspec.Struct, dict=True):
    """The Dockerfiles of a program."""

    program: Program

    @cached_property
    def files(self) -> dict[str, Dockerfile]:
        """Every readable Dockerfile by path."""
        found: dict[str, Dockerfile] = {}
        for path, text in sorted(self.program.workspace.documents.items()):
            if is_dockerfile(path):
                try:
                    found[path] = parse_dockerfile(path, text)
                except ManifestError:
                    continue
        return found

    @cached_property
    def shipped(self) -> dict[str, Dockerfile]:
        """Those that build what is deployed, not test beds, tools or bases of others."""
        used = set(self.built.values())
        bases = {p for p, _ in used if self._is_base(p)}
        named = {c.dockerfile for c in self.program.workspace.components if c.kind != "tool"}
        return {
            path: recipe
            for path, recipe in self.files.items()
            if self._runs(recipe, named=path in named)
            and not _NEVER_SHIPPED.search(path)
            and not is_test_bed(path)
            and (path in named or (path not in bases and not _NOT_SHIPPED.search(path)))
        }

    def _runs(self, recipe: Dockerfile, *, named: bool) -> bool:
        """Whether the image says what it runs; that of a component may leave it to its base."""
        if all(_DEV_STAGE.search(stage.name.lower()) for stage in recipe.stages):
            return False
        origin = self.origin(recipe, self.final(recipe))
        starts = [item for item in origin.instructions if item.keyword in {"CMD", "ENTRYPOINT"}]
        if not starts:
            return named and not (origin.image.is_node or origin.image.is_golang)
        return not (_MAKES.search(starts[-1].text) or _TESTS.search(starts[-1].text))

    def _is_base(self, path: str) -> bool:
        """Whether another Dockerfile of the repo starts from what this one builds."""
        tags = {tag for tag, (file, _) in self.built.items() if file == path}
        return any(
            stage.base in tags
            for other, recipe in self.files.items()
            if other != path
            for stage in recipe.stages
        )

    @cached_property
    def builds(self) -> list[Build]:
        """How the repo itself builds its Dockerfiles, as far as it says."""
        return builds(self.program.workspace.documents, self.files)

    @cached_property
    def built(self) -> dict[str, tuple[str, str]]:
        """Image reference -> (Dockerfile, target stage) for images that the repo itself builds."""
        found: dict[str, tuple[str, str]] = {}
        for item in self.builds:
            for tag in item.tags:
                found.setdefault(tag, (item.dockerfile, item.target))
        return found

    def contexts(self, path: str) -> set[str]:
        """The folders that a Dockerfile is built in, as far as the repo says."""
        return {b.context for b in self.builds if b.dockerfile == path and b.context is not None}

    def final(self, recipe: Dockerfile) -> Stage:
        """The stage that is shipped: a target, or the last that is not for development or tests."""
        targets = {item.target for item in self.builds if item.dockerfile == recipe.path}
        stages = [s for s in recipe.stages if not _DEV_STAGE.search(s.name.lower())]
        aimed = [s for s in stages if s.name in targets and "build" not in s.name.lower()]
        aimed = aimed if "" not in targets else []
        return (aimed or stages or recipe.stages)[-1]

    def origin(self, recipe: Dockerfile, stage: Stage) -> Origin:
        """Follow FROM through stages and through Dockerfiles that the repo builds itself."""
        chain: list[tuple[Dockerfile, Stage]] = []
        for _ in range(20):
            chain.extend((recipe, item) for item in recipe.lineage(stage))
            stage = chain[-1][1]
            next_file, target = self.built.get(stage.base, ("", ""))
            following = self.files.get(next_file)
            if following is None:
                break
            found = following.stage(target) if target else self.final(following)
            if found is None or (following, found) in chain:
                break
            recipe, stage = following, found
        return Origin(tuple(chain), parse_image(stage.base))

    def components(self, path: str) -> list[Component]:
        """The components that a Dockerfile builds."""
        return [c for c in self.program.workspace.components if c.dockerfile == path]

    def runtimes(self, recipe: Dockerfile) -> set[str]:
        """node, go or both: by its components, else by the images that it starts from."""
        found = {c.runtime for c in self.components(recipe.path) if c.kind != "tool"}
        images = [self.origin(recipe, stage).image for stage in recipe.stages]
        if any(image.is_golang for image in images):
            found.add("go")
        if any(image.is_node for image in images):
            found.add("node")
        return found


def recipes(program: Program) -> Recipes:
    """The Dockerfiles of a program, read once."""
    return program.once(Recipes)


def shell_text(item: Instruction) -> str:
    """What a RUN executes, here-document included."""
    return f"{' '.join(item.words) if item.words is not None else item.text}\n{item.heredoc}"
