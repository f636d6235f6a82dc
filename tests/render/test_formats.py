"""Every format: well-formed, deterministic, and harmless whatever the repo says."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from archlint.model.errors import ArchlintError
from archlint.model.finding import ComponentInfo, Result, Severity
from archlint.render import FORMATS, RenderOptions, Sources, render
from archlint.render.document import schema
from archlint.render.sarif import MAX_RUNS
from archlint.session import rule_infos
from tests.conftest import ROOT
from tests.render.findings import EVIL, finding, result, sources

SNAPSHOTS = Path(__file__).parent / "snapshots"
OPTIONS = RenderOptions(prefix="services/")


def made(form: str, options: RenderOptions = OPTIONS) -> str:
    return render(form, result(), sources(), options)


@pytest.mark.parametrize("form", FORMATS)
def test_snapshot(form: str, request: pytest.FixtureRequest) -> None:
    """Run pytest with ARCHLINT_SNAPSHOTS=write to renew them; read the difference."""
    import os

    text = made(form).encode("utf-8", "backslashreplace")
    file = SNAPSHOTS / f"{form}.txt"
    if os.environ.get("ARCHLINT_SNAPSHOTS") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text)
    assert text == file.read_bytes()


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_found(form: str) -> None:
    text = render(form, Result(version="1"), Sources(), RenderOptions())
    assert text == "" or text.endswith("\n")


@pytest.mark.parametrize("form", FORMATS)
def test_no_control_or_bidi_character_gets_through(form: str) -> None:
    text = made(form)
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_unknown_format() -> None:
    with pytest.raises(ArchlintError, match="no format is called 'yaml'"):
        made("yaml")


def test_json_holds_to_its_schema() -> None:
    data = json.loads(made("json"))
    jsonschema.validate(data, schema())
    assert data["schema_version"] == 1
    assert made("json").isascii()
    assert data["summary"] == {
        "error": 1,
        "warning": 1,
        "note": 1,
        "suppressed": 1,
        "baselined": 1,
        "hidden": 7,
        "fixed": 1,
    }
    assert data["findings"][1]["message"] == EVIL


def test_the_published_schema_is_this_one() -> None:
    published = json.loads((ROOT / "docs/schema/check.schema.json").read_text())
    assert published == schema(), "run scripts/write_schemas.py"


def test_sarif_holds_what_github_demands() -> None:
    data = json.loads(made("sarif"))
    assert data["version"] == "2.1.0"
    ids = [run["automationDetails"]["id"] for run in data["runs"]]
    assert ids == ["archlint/%3Cb%3E/", "archlint/api/"]
    for run in data["runs"]:
        rules = run["tool"]["driver"]["rules"]
        for rule in rules:
            assert rule["shortDescription"]["text"]
            assert rule["fullDescription"]["text"]
            assert rule["help"]["text"]
            assert len(rule["properties"]["tags"]) <= 20
        for found in run["results"]:
            assert rules[found["ruleIndex"]]["id"] == found["ruleId"]
            (place,) = found["locations"]
            region = place["physicalLocation"]["region"]
            assert {"startLine", "startColumn", "endLine", "endColumn"} <= set(region)
            artifact = place["physicalLocation"]["artifactLocation"]
            assert artifact["uriBaseId"] == "SRCROOT"
            assert artifact["uri"].startswith("services/src/")
            assert found["partialFingerprints"]["archlintFingerprint/v1"]
    flows = data["runs"][1]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in flows] == ["GET /users", "read"]
    uris = [
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in _results(data)
    ]
    assert "services/src/%3Cb%3E.js" in uris


def _results(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [found for run in data["runs"] for found in run["results"]]


def test_each_rule_of_sarif_has_distinct_tags() -> None:
    """The schema wants unique items; the category of some rules is ``architecture`` itself."""
    found = tuple(msgspec.structs.replace(finding(), rule=info.id) for info in rule_infos())
    every = Result(rules=rule_infos(), findings=found)
    data = json.loads(render("sarif", every, Sources(None), OPTIONS))
    rules = data["runs"][0]["tool"]["driver"]["rules"]
    assert len(rules) == len(rule_infos())
    for rule in rules:
        tags = rule["properties"]["tags"]
        assert 0 < len(tags) == len(set(tags)) <= 20, rule["id"]


@pytest.mark.parametrize(("components", "runs"), [(3, 3), (MAX_RUNS - 1, 3), (MAX_RUNS, 1)])
def test_sarif_of_many_components_is_one_run(components: int, runs: int) -> None:
    names = [f"part{n}" for n in range(components)]
    infos = tuple(ComponentInfo(name=n, root=n, runtime="node", kind="service") for n in names)
    found = tuple(msgspec.structs.replace(finding(), component=n) for n in names[:3])
    made_ = render("sarif", Result(findings=found, components=infos), Sources(None), OPTIONS)
    data = json.loads(made_)["runs"]
    assert len(data) == runs
    assert sum(len(run["results"]) for run in data) == len(found)


def test_sarif_marks_suppressed_and_leaves_out_accepted() -> None:
    found = _results(json.loads(made("sarif")))
    assert [f["message"]["text"] for f in found if "suppressions" in f] == ["silenced"]
    assert not any("accepted" in f["message"]["text"] for f in found)


def test_github_keeps_to_the_limits_gravest_first() -> None:
    many = Result(
        findings=tuple(
            finding(f"m{n}", severity, n + 1) for severity in Severity for n in range(15)
        )
    )
    lines = render("github", many, Sources(), RenderOptions()).splitlines()
    kinds = [line.split(" ")[0] for line in lines[:-1]]
    assert kinds == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"] * 10
    assert lines[-1].startswith("+15 more")


def test_github_commands_cannot_be_smuggled() -> None:
    text = made("github")
    for line in text.splitlines():
        assert line.startswith(("::error ", "::warning ", "::notice ", "+"))
        assert "##[" not in line
    assert len(text.splitlines()) == 3
    assert "%25" in text


def test_xml_formats_parse() -> None:
    for form in ("junit", "checkstyle"):
        root = ET.fromstring(made(form))
        assert root.tag in {"testsuites", "checkstyle"}
    suites = ET.fromstring(made("junit"))
    assert suites.get("failures") == "1"
    assert sum(int(s.get("tests", "0")) for s in suites) == int(suites.get("tests", "0"))


def test_gitlab_fingerprints_are_unique() -> None:
    same = Result(findings=(finding(), finding()))
    issues = json.loads(render("gitlab", same, Sources(), RenderOptions()))
    assert len({issue["fingerprint"] for issue in issues}) == 2
    assert issues[0]["location"]["positions"]["begin"] == {"line": 2, "column": 12}


def test_rdjson_counts_columns_in_bytes() -> None:
    data = json.loads(made("rdjson"))
    start = data["diagnostics"][0]["location"]["range"]["start"]
    assert start == {"line": 2, "column": 13}, "ü is two bytes"


def test_markdown_is_no_markup_of_the_repo() -> None:
    text = made("markdown")
    assert "<script>" not in text
    assert "@team" not in text
    prose = re.sub(r"(`+).*?\1", "", text, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)#1", prose)


def test_html_is_self_contained() -> None:
    text = made("html")
    assert "<script" not in text
    assert "default-src 'none'" in text
    assert "&lt;script&gt;" in text
    assert not re.search(r'(?:src|href)="(?!https://github\.com/archlint/|#)', text)


def test_text_marks_the_range() -> None:
    lines = made("text").splitlines()
    code = next(i for i, line in enumerate(lines) if "read(a)" in line)
    shown, marks = lines[code], lines[code + 1]
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "read(a)"


def test_text_fits_the_terminal() -> None:
    wide = finding("word " * 60, trace=result().findings[0].trace)
    text = render("text", Result(findings=(wide,)), sources(), RenderOptions(width=60))
    assert all(len(line) <= 60 for line in text.splitlines())


def test_text_has_links_and_colour_only_when_asked() -> None:
    shown = made("text", RenderOptions(colour=True, width=100))
    assert "\x1b]8;;https://" in shown
    assert shown == made("text", RenderOptions(colour=True, width=100))
    assert "\x1b" not in made("text")


def test_quiet_keeps_what_fails() -> None:
    text = made("text", RenderOptions(quiet=True))
    assert "read blocks" in text
    assert "quiet one" not in text
    assert "fixed" not in text


def test_statistics_count() -> None:
    assert re.search(r"1 error +blocking-call", made("text", RenderOptions(statistics=True)))


@pytest.mark.parametrize(("count", "listed"), [(20, True), (21, False)])
def test_few_notes_are_listed_in_markdown_and_many_counted(count: int, listed: bool) -> None:
    notes = tuple(finding(severity=Severity.NOTE, line=n + 1) for n in range(count))
    text = render("markdown", Result(version="1", findings=notes), Sources(), RenderOptions())
    assert (f":{count}`" in text) is listed
    assert (f"| {count} |" in text.partition("## Notes")[2]) is not listed
