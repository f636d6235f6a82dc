"""Functions that deployment documents name.

The Serverless Framework, AWS SAM, CloudFormation, and the folders of Azure Functions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath, splitext
from typing import Any, NamedTuple

from archlint.discovery.manifests.structured import load_yaml
from archlint.model.errors import ArchlintError
from archlint.model.finding import Context
from archlint.model.pattern import lazy_regex

_DOCUMENT = lazy_regex(r"(^|/)(serverless[\w.-]*|template[\w.-]*|sam)\.(ya?ml|json)$")
_AZURE = "function.json"
_REQUESTS = frozenset(
    {"http", "httpApi", "websocket", "alb", "cloudFront", "cognitoUserPool", "alexaSkill", "url"}
    | {"Api", "HttpApi", "WebSocket", "Cognito", "AlexaSkill"}
)
"""Events that somebody waits for; all others are queues, schedules and streams."""
_TYPES = frozenset({"AWS::Serverless::Function", "AWS::Lambda::Function"})
_MAIN = "index"
"""The module of handlers that are named without one, as Google Cloud Functions are."""


class Deployed(NamedTuple):
    """A function: module (with folders) and export, the folders it may lie in, who calls it."""

    module: str
    export: str
    roots: tuple[str, ...]
    kind: Context


def deployed(documents: dict[str, str]) -> Iterator[Deployed]:
    """The functions of every deployment document, in the documents' order."""
    for path in sorted(documents):
        if basename(path) == _AZURE:
            yield from _azure(dirname(path), documents[path])
        if not _DOCUMENT.search(path) or "andler" not in documents[path]:
            continue
        try:
            loaded = load_yaml(path, documents[path])
        except ArchlintError:
            continue
        for document in loaded:
            if isinstance(document, dict):
                yield from _functions(dirname(path), document)


def _functions(folder: str, document: dict[str, Any]) -> Iterator[Deployed]:
    tables = document.get("functions")
    for table in tables if isinstance(tables, list) else [tables]:
        for item in _entries(table):
            yield from _deployed(item.get("handler"), _events(item.get("events")), [folder])
    shared = _below(document, "Globals", "Function", "CodeUri")
    for item in _entries(document.get("Resources")):
        properties = item.get("Properties")
        if item.get("Type") in _TYPES and isinstance(properties, dict):
            uri = properties.get("CodeUri", shared)
            roots = [join(folder, uri)] if isinstance(uri, str) else []
            events = {e.get("Type") for e in _entries(properties.get("Events"))}
            yield from _deployed(properties.get("Handler"), events, [*roots, folder])


def _azure(folder: str, text: str) -> Iterator[Deployed]:
    """The function of a folder, if its bindings have a trigger."""
    try:
        document = json.loads(text)
    except ValueError:
        return
    bindings = document.get("bindings") if isinstance(document, dict) else None
    kinds = [str(b.get("type")) for b in bindings or () if isinstance(b, dict)]
    triggers = {kind for kind in kinds if kind.endswith("Trigger")}
    file = document.get("scriptFile", _MAIN + ".js") if triggers else None
    if isinstance(file, str):
        kind = Context.REQUEST if "httpTrigger" in triggers else Context.BACKGROUND
        export = document.get("entryPoint")
        named = export if isinstance(export, str) else "default"
        parts = splitext(normpath(join(folder, file)))[0].split("/")
        roots = tuple(dict.fromkeys(("/".join(parts[:-2]), dirname(folder))))
        yield Deployed("/".join(parts[-2:]), named, roots, kind)


def _entries(table: Any) -> Iterator[dict[str, Any]]:
    for item in table.values() if isinstance(table, dict) else ():
        if isinstance(item, dict):
            yield item


def _below(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _events(events: Any) -> set[Any]:
    """The kinds of a function's events: ``- http: ...`` or ``- schedule``."""
    found: set[Any] = set()
    for event in events if isinstance(events, list) else ():
        found.update(
            event if isinstance(event, dict) else [event] if isinstance(event, str) else ()
        )
    return found


def _deployed(handler: Any, events: set[Any], roots: list[str]) -> Iterator[Deployed]:
    if not isinstance(handler, str):
        return
    module, dot, export = handler.strip().rpartition(".")
    if not export.isidentifier() or (not dot and "/" in handler):
        return
    kind = Context.BACKGROUND if events and not events & _REQUESTS else Context.REQUEST
    places = tuple(dict.fromkeys(normpath(root) if root else "" for root in roots))
    yield Deployed(module or _MAIN, export, places, kind)
