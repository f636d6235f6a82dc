"""How to extract: what is read, where it is cached and what one file may cost."""

from __future__ import annotations

from pathlib import Path

import msgspec

MAX_SOURCE = 1_000_000
"""Bytes of a source file; larger ones are skipped."""


class QueryRule(msgspec.Struct, frozen=True):
    """A rule's query for one language, and what a file must hold for it to be worth running.

    ``needs`` are words, one of which must occur; ``pattern`` is a regular expression over bytes
    (built-in rules only: it is trusted to be cheap). Both empty: the query runs on every file.
    """

    rule: str
    language: str
    text: str
    needs: tuple[bytes, ...] = ()
    pattern: str = ""


class ExtractOptions(msgspec.Struct, frozen=True, kw_only=True):
    """``jobs`` is the number of worker processes (0: one per core); times are seconds.

    ``soft_seconds`` bounds parsing, ``hard_seconds`` everything done for a file in a worker;
    ``memory`` is a worker's address space in bytes. ``outline`` asks for no more than outlines
    (see ``FileFacts``); files whose bodies are needed all the same are extracted whole.
    ``rules`` are the repo's own queries; with some, test suites are extracted whole, too.
    """

    cache: bool = True
    cache_dir: Path | None = None
    jobs: int = 0
    rules: tuple[QueryRule, ...] = ()
    soft_seconds: float = 5.0
    hard_seconds: float = 15.0
    memory: int = 1_000_000_000
    outline: bool = False
