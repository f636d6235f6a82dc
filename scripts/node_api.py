"""Regenerate archlint/knowledge/node/core.json from the type definitions of Node.js.

    npm pack @types/node@22 && tar xzf types-node-*.tgz
    python scripts/node_api.py package > archlint/knowledge/node/core.json

Read are the ambient modules: which functions and methods return promises, and which *Sync
functions have an asynchronous twin.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

PARSER = Parser(Language(tree_sitter_typescript.language_typescript()))
DECLARATIONS = {"class_declaration", "interface_declaration", "abstract_class_declaration"}
METHODS = {"method_signature", "abstract_method_signature", "method_definition"}
PROMISE = re.compile(r"^\s*:?\s*(?:NodeJS\.)?Promise(?:Like)?\s*<")
EXPORTED = re.compile(
    r"^(node:(?:stream\.Stream|assert\.assert|test\.test|events\.EventEmitter))\.(?=\w)"
)
"""Namespaces that a module exports as itself."""


def text(node: Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def field(node: Node, name: str) -> str:
    return text(node.child_by_field_name(name))


def modules(root: Node) -> Iterator[tuple[str, Node]]:
    """Every ``declare module "x" { ... }`` and ``declare global { ... }``'s body."""
    for top in root.children:
        for node in (top, *top.children):
            if node.type == "module" and node.child_by_field_name("body") is not None:
                name = field(node, "name").strip("\"'")
                body = node.child_by_field_name("body")
                if body is not None:
                    yield name, body


def statements(body: Node, prefix: str) -> Iterator[tuple[str, Node]]:
    """The declarations of a module body with their dotted names; namespaces are entered."""
    for child in body.children:
        node = child
        while node.type in {"export_statement", "ambient_declaration", "expression_statement"}:
            inner = [c for c in node.named_children if c.type != "comment"]
            if not inner:
                break
            node = inner[-1]
        if node.type in {"internal_module", "module"}:
            block = node.child_by_field_name("body")
            if block is not None:
                yield from statements(block, f"{prefix}{field(node, 'name')}.")
        elif node.type == "lexical_declaration":
            for one in node.named_children:
                yield prefix + field(one, "name"), one
        else:
            yield prefix + field(node, "name"), node


class Api:
    def __init__(self) -> None:
        self.promises: set[str] = set()
        self.functions: set[str] = set()

    def signature(self, name: str, node: Node) -> None:
        self.functions.add(name)
        if PROMISE.match(field(node, "return_type")):
            self.promises.add(name)

    def declaration(self, module: str, name: str, node: Node) -> None:
        full = EXPORTED.sub(lambda m: m.group(1).rpartition(".")[0] + ".", f"{module}.{name}")
        if name.endswith("__promisify__"):
            return
        if node.type in {"function_signature", "function_declaration"}:
            self.signature(full, node)
        elif node.type in DECLARATIONS:
            body = node.child_by_field_name("body")
            for member in body.named_children if body is not None else ():
                if member.type in METHODS and field(member, "name") != "constructor":
                    static = any(c.type == "static" for c in member.children)
                    owner = full if static else f"{full}()"
                    self.signature(f"{owner}.{field(member, 'name')}", member)
                    if static and full == "node:events.EventEmitter":
                        self.signature(f"node:events.{field(member, 'name')}", member)


def read(folder: Path) -> tuple[Api, str]:
    api = Api()
    for path in sorted(folder.rglob("*.d.ts")):
        if "ts5" in path.parts or "compatibility" in path.parts:
            continue
        for module, body in modules(PARSER.parse(path.read_bytes()).root_node):
            if module == "global" or "*" in module:
                continue
            canonical = module if module.startswith("node:") else f"node:{module}"
            for name, node in statements(body, ""):
                api.declaration(canonical, name, node)
    version = json.loads((folder / "package.json").read_text())["version"]
    return api, version


def twin_of(api: Api, name: str) -> str:
    """The asynchronous form of a *Sync function: of the promise module, else with a callback."""
    plain = name.removesuffix("Sync")
    module, _, last = plain.partition(".")
    for candidate in (f"{module}/promises.{last}", plain):
        if candidate in api.functions:
            return candidate
    return ""


def main() -> None:
    api, version = read(Path(sys.argv[1]))
    data = {
        "source": "npm @types/node (DefinitelyTyped, MIT), read by scripts/node_api.py",
        "version": version,
        "date": datetime.date.today().isoformat(),
        "promises": sorted(api.promises),
        "sync": {n: twin_of(api, n) for n in sorted(api.functions) if n.endswith("Sync")},
    }
    json.dump(data, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
