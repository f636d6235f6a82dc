"""Which files are source, in which language, and what each is for."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.model.pattern import lazy_regex

LANGUAGES = {
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
    ".vue": "typescript",
    ".svelte": "typescript",
    ".go": "go",
}
"""File name extension -> language; of .vue and .svelte files the scripts are read."""


def language_of(path: str) -> str | None:
    """The language of a source file by its name; None for every other file."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return LANGUAGES.get(name[dot:]) if dot > 0 else None


_NODE_SHEBANG = lazy_regex(rb"#![^\n]*\b(?:node|nodejs|bun|tsx|ts-node)\b")


def is_node_script(head: bytes) -> bool:
    """Whether the first bytes of a file without extension make it a Node.js script."""
    return _NODE_SHEBANG.match(head) is not None


def vendor_folders(paths: Iterable[str]) -> tuple[str, ...]:
    """The ``vendor`` folders that hold Go packages, with a slash at the end, sorted.

    Go takes a folder of that name for copies of other modules, wherever it lies.
    """
    found: set[str] = set()
    for path in paths:
        if path.endswith(".go") and "vendor/" in path:
            head, inner, _ = f"/{path}".partition("/vendor/")
            if inner:
                found.add(f"{head}{inner}"[1:])
    return tuple(sorted(found))
