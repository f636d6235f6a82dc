"""JSON: the public contract of ``check``."""

from __future__ import annotations

import json

import msgspec

from archlint.model.finding import Result
from archlint.render.document import document
from archlint.render.options import RenderOptions
from archlint.render.sources import Sources


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """One JSON object, ASCII only, in a fixed order."""
    del sources, options
    return pretty(document(result)) + "\n"


def pretty(value: object) -> str:
    """What ``json.dumps`` with an indent of one gives, which is far slower: it runs in Python.

    Only text that has to be escaped to be ASCII is left to it.
    """
    try:
        plain = msgspec.json.encode(value)
    except UnicodeEncodeError:  # half a pair of surrogates
        plain = b"\x7f"
    if plain.isascii() and b"\x7f" not in plain:
        return msgspec.json.format(plain, indent=1).decode()
    return json.dumps(msgspec.to_builtins(value), indent=1)
