"""Which files are source, in which language, and what each is for."""

from __future__ import annotations

import re

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


_NODE_SHEBANG = re.compile(rb"#![^\n]*\b(?:node|nodejs|bun|tsx|ts-node)\b")


def is_node_script(head: bytes) -> bool:
    """Whether the first bytes of a file without extension make it a Node.js script."""
    return _NODE_SHEBANG.match(head) is not None
