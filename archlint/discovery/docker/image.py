"""Image references."""

from __future__ import annotations

import re

import msgspec

from archlint.model.pattern import lazy_regex

_SLIM = lazy_regex(r"(?:^|-)(?:slim|alpine|distroless|minimal|busybox|scratch)", re.IGNORECASE)
_VERSION = lazy_regex(r"^v?(\d+)(?:\.(\d+))?")
_SMALL = (
    "alpine",
    "busybox",
    "scratch",
    "gcr.io/distroless/",
    "cgr.dev/chainguard/",
    "distroless/",
)


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """``registry/name:tag@digest``; ``name`` keeps the registry unless it is Docker Hub's own."""

    name: str
    tag: str = ""
    digest: str = ""

    @property
    def is_node(self) -> bool:
        """Whether it is the official Node.js image or one of its usual mirrors."""
        return self.name.rpartition("/")[2] == "node"

    @property
    def is_golang(self) -> bool:
        """Whether it carries the Go toolchain."""
        return self.name.rpartition("/")[2] in {"golang", "go-toolset"}

    @property
    def is_slim(self) -> bool:
        """Whether name or tag say that it is a reduced image.

        Docker's hardened images have neither shell nor tools unless the tag says ``-dev``.
        """
        if self.name.startswith("dhi.io/"):
            return re.search(r"-dev(?:-|$)", self.tag) is None
        return self.name.startswith(_SMALL) or _SLIM.search(self.tag) is not None

    @property
    def is_static(self) -> bool:
        """Whether it has no C library to load a dynamic binary with."""
        if self.name == "scratch":
            return True
        last = self.name.rpartition("/")[2]
        return ("distroless" in self.name and last.startswith("static")) or (
            self.name.startswith("cgr.dev/chainguard/") and last == "static"
        )

    @property
    def version(self) -> tuple[int, int | None] | None:
        """Major and minor version that the tag names, None when it names none."""
        match = _VERSION.match(self.tag)
        if match is None:
            return None
        return int(match[1]), int(match[2]) if match[2] else None


def parse_image(reference: str) -> Image:
    """Split an image reference."""
    name, _, digest = reference.strip().partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    name = f"{head}{slash}{last}"
    for prefix in ("docker.io/library/", "docker.io/", "library/", "index.docker.io/library/"):
        name = name.removeprefix(prefix)
    return Image(name=name, tag=tag, digest=digest)
