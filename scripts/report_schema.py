"""Writes docs/schema/report.schema.json from the report's records; --check only compares."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from archlint.model.suitability import report_schema

TARGET = Path(__file__).resolve().parent.parent / "docs" / "schema" / "report.schema.json"


def main() -> int:
    text = json.dumps(report_schema(), indent=2, sort_keys=True) + "\n"
    if "--check" in sys.argv[1:]:
        return int(not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != text)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
