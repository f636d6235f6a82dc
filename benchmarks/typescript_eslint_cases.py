"""Runs the promise analyses on the test cases of typescript-eslint's own rules.

    python benchmarks/typescript_eslint_cases.py CHECKOUT [--rule NAME] [--show N]

CHECKOUT is a clone of typescript-eslint; its cases are read from there and nothing of it is kept.
A case counts as right when exactly the lines that it expects are reported (none for a valid one).
Cases that set options to other than their defaults are left out, as are those that only differ in
how messages are worded.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tree_sitter import Node

from archlint.extract.ecma.literals import unescape
from archlint.extract.grammars import lowering, parser
from archlint.model.facts import FileFacts
from archlint.model.location import line_of
from archlint.model.workspace import SourceFile, Workspace
from archlint.program.ecma import EcmaLinker
from archlint.program.ecma_promises.floating import unhandled
from archlint.program.ecma_promises.misuse import Misuses
from archlint.program.ecma_promises.promiseness import Promises

RULES = ("no-floating-promises", "no-misused-promises")
DEFAULTS = {
    "ignoreVoid": "true",
    "ignoreIIFE": "false",
    "checkThenables": "false",
    "checksConditionals": "true",
    "checksVoidReturn": "true",
    "checksSpreads": "true",
}


@dataclass(frozen=True)
class Case:
    line: int
    code: str
    expected: tuple[int, ...] | None
    count: int
    jsx: bool


def text(data: bytes, node: Node) -> str:
    return data[node.start_byte : node.end_byte].decode()


def string_of(data: bytes, node: Node) -> str | None:
    if node.type == "call_expression":
        return string_of(data, node.children[-1])
    if node.type in {"template_string", "string"}:
        return unescape(text(data, node)[1:-1])
    return None


def fields(data: bytes, node: Node) -> dict[str, Node]:
    found = {}
    for pair in node.named_children:
        if pair.type == "pair":
            found[text(data, pair.named_children[0])] = pair.named_children[1]
    return found


def default_options(data: bytes, node: Node | None) -> bool:
    if node is None:
        return True
    source = re.sub(r"//[^\n]*", "", text(data, node))
    inner = re.sub(r"[\s\[\]{},]+", " ", source).strip()
    pairs = re.findall(r"(\w+): (\S+)", inner)
    rest = re.sub(r"(\w+): (\S+)", "", inner).strip()
    return not rest and all(DEFAULTS.get(key) == value for key, value in pairs)


def case_of(data: bytes, node: Node, valid: bool) -> Case | None:
    line = node.start_point[0] + 1
    code = string_of(data, node)
    if code is not None:
        return Case(line, code, (), 0, False)
    if node.type != "object":
        return None
    table = fields(data, node)
    if "code" not in table or not default_options(data, table.get("options")):
        return None
    code = string_of(data, table["code"]) or ""
    whole = text(data, node)
    jsx = "jsx: true" in whole or "tsx" in text(data, table.get("filename", node))[:40]
    if valid:
        return Case(line, code, (), 0, jsx)
    lines = []
    errors = [e for e in table["errors"].named_children if e.type == "object"]
    for error in errors:
        entry = fields(data, error)
        if "line" in entry:
            lines.append(int(text(data, entry["line"])))
    complete = len(lines) == len(errors)
    return Case(line, code, tuple(sorted(lines)) if complete else None, len(errors), jsx)


def cases(path: Path) -> list[Case]:
    data = path.read_bytes()
    root = parser("typescript").parse(data).root_node
    found: list[Case] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "call_expression" and text(data, node.children[0]).endswith(".run"):
            table = fields(data, node.children[-1].named_children[-1])
            for name in ("valid", "invalid"):
                for item in table[name].named_children:
                    case = case_of(data, item, name == "valid")
                    if case is not None:
                        found.append(case)
            continue
        stack.extend(node.named_children)
    return found


def analysed(case: Case) -> tuple[FileFacts, Promises]:
    path, language = ("case.tsx", "tsx") if case.jsx else ("case.ts", "typescript")
    data = case.code.encode()
    tree = parser(language).parse(data)
    facts = lowering(language)(path, language, data, tree)
    workspace = Workspace(root="", files=(SourceFile(path, language, len(data)),))
    linker = EcmaLinker(workspace, {path: facts})
    linker.link()
    return facts, Promises(linker)


def reported(case: Case, rule: str) -> list[int]:
    facts, promises = analysed(case)
    file = promises.ecma.evaluator.file(facts.path)
    assert file is not None
    if rule == "no-misused-promises":
        misuses = Misuses(promises)
        found = {*misuses.of(file), *misuses.inherited(file)}
        return sorted(line_of(facts, item.at) for item in found)
    return sorted(
        line_of(facts, stmt.at)
        for index, stmt in file.noted.statements
        if unhandled(promises, (facts.path, index), stmt.value) is not None
    )


def right(case: Case, lines: list[int]) -> bool:
    if case.expected is None:
        return len(lines) == case.count
    return sorted(set(lines)) == sorted(set(case.expected))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("checkout", type=Path)
    options.add_argument("--rule", choices=RULES)
    options.add_argument("--show", type=int, default=0)
    args = options.parse_args()
    for rule in [args.rule] if args.rule else RULES:
        path = args.checkout / "packages/eslint-plugin/tests/rules" / f"{rule}.test.ts"
        if not path.exists():
            sys.exit(f"{path}: no such file")
        tally: Counter[str] = Counter()
        shown = 0
        for case in cases(path):
            lines = reported(case, rule)
            kind = "valid" if case.expected == () else "invalid"
            verdict = "right" if right(case, lines) else "wrong"
            tally[f"{kind} {verdict}"] += 1
            if verdict == "wrong" and shown < args.show:
                shown += 1
                print(f"--- {path.name}:{case.line} {kind} want {case.expected} got {lines}")
        total = sum(tally.values())
        good = tally["valid right"] + tally["invalid right"]
        print(
            f"{rule}: {good} of {total} right ({good / total:.1%}); {dict(sorted(tally.items()))}"
        )


if __name__ == "__main__":
    main()
