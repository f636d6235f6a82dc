"""Image recipes and what runs them: Dockerfiles, .dockerignore, compose, platform files."""

from archlint.discovery.docker.compose import ComposeService, parse_compose
from archlint.discovery.docker.dockerfile import (
    Dockerfile,
    Instruction,
    Stage,
    parse_dockerfile,
)
from archlint.discovery.docker.ignore import DockerIgnore, parse_dockerignore
from archlint.discovery.docker.image import Image, parse_image
from archlint.discovery.docker.platform import PlatformProcess, parse_platform

__all__ = [
    "ComposeService",
    "DockerIgnore",
    "Dockerfile",
    "Image",
    "Instruction",
    "PlatformProcess",
    "Stage",
    "parse_compose",
    "parse_dockerfile",
    "parse_dockerignore",
    "parse_image",
    "parse_platform",
]
