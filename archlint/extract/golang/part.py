"""Declarations out of a Go file that is not read as a whole: a dependency's."""

from __future__ import annotations

from archlint.extract.engine import timed_parse
from archlint.extract.golang import lower_part
from archlint.extract.options import MAX_SOURCE, ExtractOptions
from archlint.model.facts import FileFacts


def extract_part(path: str, data: bytes) -> FileFacts:
    """The facts of some declarations; none where they cannot be read. Never raises.

    Lines, comments, directives and functions' bodies are left out; offsets are the part's.
    """
    seconds = ExtractOptions().soft_seconds
    try:
        return lower_part(path, data, timed_parse("go", data[:MAX_SOURCE], seconds))
    except Exception:  # a defect of ours, or of a dependency, must not cost the run
        return lower_part(path, b"", timed_parse("go", b"", seconds))
