"""Build constraints: ``//go:build``, ``// +build`` and those in file names, as one expression."""

from __future__ import annotations

import re

from archlint.knowledge.golang.platforms import platforms
from archlint.model.pattern import lazy_regex

_GO_BUILD = lazy_regex(rb"^//go:build[ \t]+(.+?)\s*$", re.MULTILINE)
_PLUS_BUILD = lazy_regex(rb"^//[ \t]*\+build[ \t]+(.+?)\s*$", re.MULTILINE)


def constraint(path: str, header: bytes) -> str:
    """The condition under which a file is built, in go:build syntax ("" for always).

    ``header`` is the text before the package clause; a file name's GOOS and GOARCH come first.
    """
    parts = _from_name(path.rpartition("/")[2])
    if b"build" in header:
        parts += _from_header(header)
    if len(parts) == 1:
        return parts[0]
    return " && ".join(f"({part})" if "||" in part else part for part in parts)


def _from_header(header: bytes) -> list[str]:
    line = _GO_BUILD.search(header)
    if line:
        return [" ".join(line.group(1).decode("utf-8", "replace").split())]
    return [_plus_build(m.decode("utf-8", "replace")) for m in _PLUS_BUILD.findall(header)]


def _plus_build(line: str) -> str:
    """One ``+build`` line: spaces are "or", commas "and"."""
    options = [" && ".join(option.split(",")) for option in line.split()]
    if len(options) == 1:
        return options[0]
    return " || ".join(f"({option})" if "&&" in option else option for option in options)


def _from_name(name: str) -> list[str]:
    """``x_linux_amd64_test.go`` is built for linux on amd64 (go/build's goodOSArchFile)."""
    stem = name.partition(".")[0].removesuffix("_test")
    _, underscore, tail = stem.partition("_")
    if not underscore:
        return []
    words = tail.split("_")
    systems, architectures = platforms()
    if len(words) >= 2 and words[-1] in architectures and words[-2] in systems:
        return words[-2:]
    return words[-1:] if words[-1] in systems or words[-1] in architectures else []
