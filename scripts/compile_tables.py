"""Regenerate archlint/knowledge/compiled.jsonl, the JSON form of every TOML table beside it.

    python scripts/compile_tables.py
"""

from __future__ import annotations

import tomllib

import msgspec

from archlint.knowledge.tables import COMPILED, FOLDER, checksum


def main() -> None:
    """Write a line per table, sorted by name."""
    lines: list[bytes] = []
    for path in sorted(FOLDER.rglob("*.toml")):
        name, text = path.relative_to(FOLDER).as_posix(), path.read_bytes()
        table = msgspec.json.encode(tomllib.loads(text.decode()))
        lines.append(b"%s %s %s\n" % (name.encode(), checksum(text).encode(), table))
    COMPILED.write_bytes(b"".join(lines))


if __name__ == "__main__":
    main()
