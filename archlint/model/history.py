"""When a repo's commits were made, as plain data."""

from __future__ import annotations

from typing import NamedTuple


class History(NamedTuple):
    """Times in seconds since 1970, the newest first; ``unknown`` says why there are none.

    ``releases`` are the times of the commits that carry a tag, each commit once. ``cut`` tells that
    older commits than those listed exist.
    """

    commits: tuple[int, ...] = ()
    releases: tuple[int, ...] = ()
    cut: bool = False
    unknown: str = ""
