"""The extract stage: the same facts from everywhere, and a reason for each that is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import archlint.extract.stage as stage_module
from archlint.config import Config
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.extract import Extraction, ExtractOptions, extract_all
from archlint.extract.engine import extract_file
from archlint.model.facts import FileFacts
from archlint.model.finding import Skip


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "repo"
    root.mkdir()
    for i in range(20):
        (root / f"m{i}.js").write_text(f"import './m{i + 1}.js';\nexport function f{i}() {{}}\n")
    (root / "a.ts").write_text("export const a: number = 1;\n")
    (root / "b.go").write_text("package b\n\nfunc B() error { return nil }\n")
    return root


def extract(root: Path, **options: object) -> Extraction:
    source = WorkTree(root)
    files = discover(source, Config()).files
    return extract_all(source, files, ExtractOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sizes", "in_workers"),
    [((100, 100), False), ((stage_module._SUSPICIOUS + 1,), True), ((90_000,) * 5, True)],
)
def test_little_is_done_here_and_much_or_what_looks_dangerous_by_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: tuple[int, ...], *, in_workers: bool
) -> None:
    used: list[int] = []

    class Pool(stage_module.InProcess):
        def __init__(self, jobs: int) -> None:
            used.append(jobs)

    monkeypatch.setattr(stage_module, "WorkerPool", Pool)
    for number, size in enumerate(sizes):
        line = "export const a = 'some text that is long enough';\n"
        (tmp_path / f"m{number}.js").write_text(line * (size // len(line) + 1))
    assert len(extract(tmp_path, cache=False, jobs=3).facts) == len(sizes)
    assert used == ([3] if in_workers else [])


def test_workers_and_this_process_agree(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = extract(repo, cache=False)
    monkeypatch.setattr(stage_module, "_WORTH_WORKERS", 0)
    workers = extract(repo, cache=False, jobs=2)
    assert len(here.facts) == 22
    assert list(here.facts) == list(workers.facts)
    assert here == workers


def test_whole_facts_serve_as_outlines_and_outlines_never_as_whole_facts(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    outlines = extract(repo, cache_dir=cache, outline=True)
    assert all(facts.outline for facts in outlines.facts.values())
    whole = extract(repo, cache_dir=cache)
    assert whole == extract(repo, cache=False) != outlines
    assert extract(repo, cache_dir=cache, outline=True) == outlines
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "cache"
    extract(repo, cache_dir=other)
    monkeypatch.setattr("archlint.extract.task.extract_file", lambda *_: pytest.fail("not cached"))
    assert extract(repo, cache_dir=other, outline=True) == whole


def test_without_workers_the_work_is_done_here(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = extract(repo, cache=False)
    monkeypatch.setattr(stage_module, "_WORTH_WORKERS", 0)
    monkeypatch.setattr("sys.executable", "/nonexistent/python")
    assert extract(repo, cache=False, jobs=2) == expected


def test_cached_facts_equal_fresh_ones_and_follow_the_content(repo: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    fresh = extract(repo, cache_dir=cache)
    assert extract(repo, cache_dir=cache) == fresh == extract(repo, cache=False)
    (repo / "m3.js").write_text("export function other() {}\n")
    (repo / "m4.js").rename(repo / "m99.js")
    assert extract(repo, cache_dir=cache) == extract(repo, cache=False) != fresh


def test_progress_counts_every_file(repo: Path) -> None:
    (repo / "bad.js").write_bytes(b"\0")
    seen: list[tuple[str, int, int]] = []
    source = WorkTree(repo)
    files = discover(source, Config()).files
    extract_all(source, files, ExtractOptions(cache=False), lambda *told: seen.append(told))
    assert seen == [("extract", i + 1, 23) for i in range(23)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfea\0", "UTF-16, not UTF-8"),
        (b"a\0b", "binary (holds NUL bytes)"),
        (b"x=" + b"1+" * 4_000 + b"1;\n", "minified (a line of 8004 bytes)"),
        (b"//\n" * 400_000, "larger than 1 MB (1.2 MB)"),
    ],
)
def test_what_is_not_parsed(data: bytes, reason: str) -> None:
    assert extract_file("a.js", "javascript", data, ExtractOptions()) == Skip("a.js", reason)


def facts_of(path: str, language: str, text: str | bytes) -> FileFacts:
    data = text.encode() if isinstance(text, str) else text
    facts = extract_file(path, language, data, ExtractOptions())
    assert isinstance(facts, FileFacts)
    return facts


def test_a_long_line_among_short_ones_is_no_minified_file() -> None:
    assert facts_of("a.js", "javascript", "const a = '" + "x" * 6_000 + "';\n" + "f();\n" * 500)


def test_half_broken_files_are_read_and_marked(repo: Path) -> None:
    (repo / "half.js").write_text("export function ok() {}\n\nfunction ( {\n")
    (repo / "bytes.js").write_bytes(b"export const \xe4 = 'a\xff';\nexport function ok() {}\n")
    found = extract(repo, cache=False)
    assert [(s.path, s.partial) for s in found.skipped] == [("bytes.js", True), ("half.js", True)]
    assert found.facts["bytes.js"].problem == "invalid UTF-8"
    assert [f.name for f in found.facts["half.js"].functions][1:2] == ["ok"]


def test_flow_types_are_read_with_the_other_grammar() -> None:
    text = (
        "// @flow\nimport type { A } from './a';\nexport function f(a: A): string { return ''; }\n"
    )
    facts = facts_of("f.js", "javascript", text)
    assert (facts.problem, facts.language) == ("", "javascript")
    assert [f.name for f in facts.functions] == ["", "f"] or facts.functions[1].name == "f"


def test_scripts_of_single_file_components() -> None:
    text = "<template><b/></template>\n<script lang=\"ts\">\nimport a from './a';\n</script>\n"
    facts = facts_of("c.vue", "typescript", text)
    assert [(i.specifier, i.at) for i in facts.imports] == [("./a", text.index("import"))]
    assert facts.problem == ""


def test_a_storm_of_punctuation_is_cut_short() -> None:
    storm = b"([{<`${" * 120_000
    options = ExtractOptions(soft_seconds=0.05)
    result = extract_file("s.js", "javascript", storm.replace(b"`", b"\n"), options)
    assert result == Skip("s.js", "takes longer than 0.05 s to parse")


def test_a_defect_in_lowering_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> FileFacts:
        raise KeyError("x")

    monkeypatch.setattr("archlint.extract.engine.lowering", lambda _name: fail)
    skip = extract_file("a.js", "javascript", b"f();", ExtractOptions())
    assert skip == Skip("a.js", "could not be analysed (KeyError)")
