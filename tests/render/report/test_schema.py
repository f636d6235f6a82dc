"""The published schema is the one of the code, and reports meet it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from archlint.config.file import schema as config_schema
from archlint.model.suitability import encode_report, report_schema
from archlint.render.document import schema as check_schema
from tests.render.report.sample import report

PUBLISHED = Path(__file__).parents[3] / "docs" / "schema"
SCHEMAS = {"check": check_schema, "config": config_schema, "report": report_schema}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schemas_are_current(name: str):
    """``python scripts/write_schemas.py`` writes them anew."""
    published = (PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == json.loads(json.dumps(SCHEMAS[name]()))


def test_a_report_meets_the_schema():
    schema = report_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    found = json.loads(encode_report(report(30)))
    jsonschema.Draft202012Validator(schema).validate(found)


def test_findings_have_the_names_that_check_uses():
    row = json.loads(encode_report(report(1)))["findings"][0]
    assert {"rule", "severity", "confidence", "message", "path", "line", "column"} <= set(row)
    assert {"end_line", "end_column", "component", "context", "trace", "related"} <= set(row)
    assert {"fingerprint", "suppressed"} <= set(row)
