"""Path globs: ``**`` any folders, ``*`` and ``?`` within a name, ``[...]``, ``{a,b}``, ``!``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_BOUNDARY = r"(?:/|\Z)"
MAX_ALTERNATIVES = 64
"""Patterns that one glob's braces may expand to."""


def matches(globs: tuple[str, ...], path: str) -> bool:
    """Whether the last glob that speaks of ``path`` includes it; a list of ``!`` starts full."""
    held = bool(globs) and all(glob.startswith("!") for glob in globs)
    for glob in globs:
        negated = glob.startswith("!")
        if negated is held and compiled(glob.removeprefix("!")).match(path):
            held = not negated
    return held


def dead(globs: Iterable[str], paths: Iterable[str]) -> tuple[str, ...]:
    """The globs that match none of ``paths``, in their order."""
    left = dict.fromkeys(globs)
    patterns = {glob: compiled(glob.removeprefix("!")) for glob in left}
    for path in paths:
        for glob in [g for g in left if patterns[g].match(path)]:
            del left[glob]
        if not left:
            break
    return tuple(left)


@lru_cache(maxsize=1024)
def compiled(glob: str) -> re.Pattern[str]:
    """The glob as a regular expression over whole posix paths; linear to match.

    A glob without ``/`` matches at any depth, one that names a folder everything below it.
    """
    parts = [_one(alternative) for alternative in _braces(glob)]
    return re.compile("|".join(parts), re.DOTALL)


def _one(glob: str) -> str:
    text = glob.removeprefix("./")
    if text.strip("/") in {"", ".", "**"}:
        return r".*\Z"
    anchored = "/" in text.rstrip("/")
    segments = text.strip("/").split("/")
    return _runs(segments if anchored else ["**", *segments])


def _runs(segments: list[str]) -> str:
    """The runs of names between ``**``, each found at its leftmost place: nothing backtracks."""
    runs: list[list[str]] = [[]]
    for segment in segments:
        if segment != "**":
            runs[-1].append(_name(segment))
        elif len(runs) == 1 or runs[-1]:
            runs.append([])
    first, *others = ["/".join(run) for run in runs]
    out = first + _BOUNDARY if first else ""
    for run in others:
        out += f"(?>(?:[^/]+/)*?{run}{_BOUNDARY})" if run else ".+"
    return out


def _name(segment: str) -> str:
    """One name; a star takes the shortest run to what follows it, the last one all."""
    fixed, at = [""], 0
    while at < len(segment):
        char = segment[at]
        at += 1
        if char == "*":
            fixed += [""] if fixed[-1] or len(fixed) == 1 else []
        elif char == "?":
            fixed[-1] += "[^/]"
        elif char == "[" and (end := segment.find("]", at + 1)) > 0:
            fixed[-1] += _class(segment[at:end])
            at = end + 1
        else:
            fixed[-1] += re.escape(char)
    if len(fixed) == 1:
        return fixed[0]
    middle = "".join(f"(?>[^/]*?{part})" for part in fixed[1:-1])
    return f"{fixed[0]}{middle}[^/]*{fixed[-1]}"


def _class(body: str) -> str:
    negated = body[0] in "!^"
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", body[negated:])
    source = f"[^/{escaped}]" if negated else f"(?!/)[{escaped}]"
    try:
        re.compile(source)
    except re.error:
        return re.escape(f"[{body}]")
    return source


def _braces(glob: str) -> list[str]:
    """``a{b,c}d`` as ``abd`` and ``acd``; unbalanced braces stand for themselves."""
    done: list[str] = []
    todo = [glob]
    while todo and len(done) + len(todo) <= MAX_ALTERNATIVES:
        text = todo.pop()
        inner = re.search(r"\{([^{}]*,[^{}]*)\}", text)
        if inner is None:
            done.append(text)
            continue
        head, tail = text[: inner.start()], text[inner.end() :]
        todo.extend(f"{head}{choice}{tail}" for choice in inner.group(1).split(","))
    return done or [glob]


def rooted(glob: str, folder: str) -> str:
    """The glob of a file in ``folder`` as seen from the root; one without ``/`` keeps its reach."""
    if not folder:
        return glob
    negation, bare = ("!", glob[1:]) if glob.startswith("!") else ("", glob)
    bare = bare.removeprefix("./")
    anchored = "/" in bare.rstrip("/")
    return f"{negation}{folder}/{'' if anchored else '**/'}{bare.lstrip('/')}"
