"""What TypeScript's grammar cannot parse is rewritten without moving a byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.extract.engine import extract_file
from archlint.extract.options import ExtractOptions
from archlint.extract.repair import repaired
from archlint.model import ir
from archlint.model.facts import FileFacts
from archlint.model.walk import walk


def facts(text: str, language: str = "typescript") -> FileFacts:
    found = extract_file("a.ts", language, text.encode(), ExtractOptions())
    assert isinstance(found, FileFacts)
    return found


REPAIRED = [
    "const A = styled.div<{ $open: boolean }>`color: ${() => red()};`;",
    "const A = styled(Link).attrs({})<\n  Props & { f: () => void; g: Array<string> }\n>`x`;",
    "const row = sql<Row>`select 1`;\nrun(row);",
    "export type * from './types';",
    "export type * as types from './types';",
    "let a: import('./a').Box<string>;",
    'let a: Array<import("./a").Deep.Box["name"]>;',
    "type F = {\n  (a: string): void\n  <A extends B>(a: A): void\n};",
    "type P = {\n  value: string\n  in: 'header' | 'query'\n};",
    "interface C {\n  a: D\n  instanceof(x: any): C\n}",
]


@pytest.mark.parametrize("text", REPAIRED)
def test_repaired_files_are_read_whole(text: str) -> None:
    assert not facts(text).problem
    assert len(repaired(text.encode())) == len(text.encode())


def test_calls_in_and_behind_a_tagged_template_keep_their_places() -> None:
    text = "const A = styled.div<{ on: boolean }>`a ${red()}`;\nlater(1);"
    body = facts(text).functions[0].body or ()
    places = {
        node.callee.id: node.at
        for node in walk(body)
        if isinstance(node, ir.Call) and isinstance(node.callee, ir.Name)
    }
    assert places == {"red": text.index("red"), "later": text.index("later")}


def test_imports_in_types_are_still_imports() -> None:
    found = facts('let a: import("./a").Box<string>;\nlet b: import("pkg").C["d"];').imports
    assert {item.specifier for item in found} == {"./a", "pkg"}
    assert all(item.type_only for item in found)


def test_everything_is_still_exported_by_a_star() -> None:
    found = facts("export type * from './types';").exports
    assert [(item.name, item.specifier) for item in found] == [("*", "./types")]


@pytest.mark.parametrize(
    "text",
    [
        "const a = b > `x`;",
        "const a = b < c, d = e > `x`;",
        "if (a < b && c > `${d}`) run();",
        "const s = 'export type * from x';",
        'const t = `import("a").B<c>`;',
    ],
)
def test_files_without_faults_are_not_touched(text: str) -> None:
    assert not facts(text).problem
    body = facts(text).functions[0].body or ()
    literals = [n.value for n in walk(body) if isinstance(n, ir.Literal) and n.kind == "string"]
    assert not any("____" in value for value in literals)


def test_real_faults_stay_faults() -> None:
    assert facts("const a = ;\nconst B = styled.div<{}>`x`;").problem.endswith("line 1")


@given(st.binary(max_size=300))
def test_any_bytes_keep_their_number(data: bytes) -> None:
    assert len(repaired(data)) == len(data)


@given(st.lists(st.sampled_from(["<", ">", "`", "import('x')", ".a", "=>", "\n", "in:", "f"])))
def test_fragments_keep_their_lines_apart_from_ends_of_members(parts: list[str]) -> None:
    text = "".join(parts).encode()
    assert len(repaired(text).split(b"\n")) <= len(text.split(b"\n"))
