"""What the deployment rules share: the repo's image recipes, followed across stages and files."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property

import msgspec

from archlint.discovery.docker import (
    Dockerfile,
    Image,
    Instruction,
    Stage,
    parse_compose,
    parse_dockerfile,
    parse_image,
)
from archlint.discovery.dockerfiles import is_dockerfile
from archlint.model.errors import ManifestError
from archlint.model.workspace import Component
from archlint.program.program import Program

_NOT_SHIPPED = re.compile(
    r"(?:^|/)(?:tests?|e2e|examples?|samples?|demos?|docs?|vendor|third_party|fixtures|testdata"
    r"|\.[\w-]+|dev[\w-]*|containers?|hack|contrib|benchmarks?|tools?)/|(?:^|[/._-])(?:dev|test|debug|local"
    r"|e2e|lint|docs?|ci|devcontainer|base|builder)[\w-]*\.(?:dockerfile)$"
    r"|dockerfile[._-](?:dev|test|debug|local|e2e|lint|docs?|ci|base|builder)[\w-]*$",
    re.IGNORECASE,
)
_BUILD_COMMAND = re.compile(r"docker\s+(?:buildx\s+)?build\s[^\n]{0,600}")
_FILE_FLAG = re.compile(r"(?:-f|--file)[ =]([\w./-]+)")
_TAG_FLAG = re.compile(r"(?:-t|--tag)[ =]([\w./:-]+)")
_TARGET_FLAG = re.compile(r"--target[ =]([\w.-]+)")
_DEV_STAGE = re.compile(
    r"(?:^|[-_])(?:dev|development|test|tests|debug|lint|ci|pr|nightly)(?:$|[-_\d])"
)


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
            if path in named
            or (path not in bases and not _NOT_SHIPPED.search(path) and self._starts(recipe))
        }

    def _starts(self, recipe: Dockerfile) -> bool:
        """Whether the image says what it runs."""
        instructions = self.origin(recipe, self.final(recipe)).instructions
        return any(item.keyword in {"CMD", "ENTRYPOINT"} for item in instructions)

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
    def built(self) -> dict[str, tuple[str, str]]:
        """Image reference -> (Dockerfile, target stage) for images that the repo itself builds."""
        found: dict[str, tuple[str, str]] = {}
        for path, text in sorted(self.program.workspace.documents.items()):
            name = posixpath.basename(path)
            if "compose" in name and path.endswith((".yml", ".yaml")):
                self._from_compose(path, text, found)
            elif "docker" in text and len(text) < 300_000:
                for match in _BUILD_COMMAND.finditer(text):
                    self._from_command(match[0], found)
        return found

    def _from_compose(self, path: str, text: str, found: dict[str, tuple[str, str]]) -> None:
        if "build" not in text or "image" not in text:
            return
        try:
            services = parse_compose(path, text)
        except ManifestError:
            return
        for service in services:
            if service.dockerfile and service.image:
                found.setdefault(service.image, (service.dockerfile, service.target))

    def _from_command(self, command: str, found: dict[str, tuple[str, str]]) -> None:
        file = _FILE_FLAG.search(command)
        path = posixpath.normpath(file[1]) if file else "Dockerfile"
        target = _TARGET_FLAG.search(command)
        if path in self.files:
            for tag in _TAG_FLAG.findall(command):
                found.setdefault(tag, (path, target[1] if target else ""))

    def final(self, recipe: Dockerfile) -> Stage:
        """The stage that is shipped: the last that is not for development or tests."""
        for stage in reversed(recipe.stages):
            if not _DEV_STAGE.search(stage.name.lower()):
                return stage
        return recipe.stages[-1]

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
    key = "deployment.recipes"
    if key not in program.memo:
        program.memo[key] = Recipes(program)
    found: Recipes = program.memo[key]
    return found


def shell_text(item: Instruction) -> str:
    """What a RUN executes, here-document included."""
    return f"{' '.join(item.words) if item.words is not None else item.text}\n{item.heredoc}"
