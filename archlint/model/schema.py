"""Published JSON schemas, derived from the types that define the documents."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def published_schema(title: str, document: type) -> dict[str, Any]:
    """The JSON schema (2020-12) of a document; the same text on every version of Python."""
    found = {"$schema": _DIALECT, "title": title, **msgspec.json.schema(document)}
    for part in (found, *found.get("$defs", {}).values()):
        if "description" in part:
            # Python 3.13 strips the indentation of docstrings, older ones keep it.
            part["description"] = inspect.cleandoc(part["description"])
    return found
