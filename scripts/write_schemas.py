"""Write the published JSON schemas below docs/schema/ from the types that define them."""

from __future__ import annotations

import json
from pathlib import Path

from archlint.config.file import schema as config_schema
from archlint.model.suitability import report_schema
from archlint.render.document import schema as check_schema

SCHEMAS = {"check": check_schema(), "config": config_schema(), "report": report_schema()}
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "schema"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, found in SCHEMAS.items():
        file = FOLDER / f"{name}.schema.json"
        file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
