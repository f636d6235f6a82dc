"""Regenerate the compiled forms that a run reads in place of slower sources.

    python scripts/compile_data.py

Written are archlint/knowledge/compiled.jsonl (every TOML table beside it, as JSON) and
archlint/rules/index.jsonl (what each rule says of itself).
"""

from __future__ import annotations

import tomllib

import msgspec

from archlint.knowledge.compiled import write
from archlint.knowledge.tables import COMPILED, FOLDER
from archlint.rules.registry import INDEX, imported_rules, module_head


def main() -> None:
    """Write both files."""
    tables = [
        (path.relative_to(FOLDER).as_posix(), path.read_bytes()) for path in FOLDER.rglob("*.toml")
    ]
    write(
        COMPILED,
        ((name, text, msgspec.json.encode(tomllib.loads(text.decode()))) for name, text in tables),
    )
    write(
        INDEX,
        (
            (name, module_head((INDEX.parent / name).read_bytes()), msgspec.json.encode(rule.info))
            for name, rule in imported_rules().items()
        ),
    )


if __name__ == "__main__":
    main()
