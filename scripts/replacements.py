"""Regenerate archlint/knowledge/dependencies/replacements.json from npm's module-replacements.

    python scripts/replacements.py [VERSION]

Downloads the package through ``npm pack`` into a temporary folder; nothing is installed or run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PACKAGE = "module-replacements"
TARGET = Path(__file__).parents[1] / "archlint" / "knowledge" / "dependencies"
KINDS = {"native": "native", "micro-utilities": "micro", "preferred": "preferred"}


def main(version: str = "latest") -> None:
    """Write the trimmed snapshot and the package's licence."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", "--ignore-scripts", f"{PACKAGE}@{version}"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
            dates = [member.mtime for member in tar.getmembers()]
        package = Path(folder) / "package"
        facts = json.loads((package / "package.json").read_text())
        snapshot = {
            "source": f"https://www.npmjs.com/package/{PACKAGE}",
            "version": facts["version"],
            "license": facts["license"],
            "date": released(facts["version"]) or str(max(dates)),
            **{key: trimmed(package / "manifests" / f"{name}.json") for name, key in KINDS.items()},
        }
        TARGET.mkdir(parents=True, exist_ok=True)
        text = json.dumps(snapshot, indent=1, sort_keys=True, ensure_ascii=False)
        (TARGET / "replacements.json").write_text(text + "\n")
        (TARGET / "replacements.LICENSE").write_text((package / "LICENSE").read_text())


def released(version: str) -> str:
    """The day on which a version was published."""
    done = subprocess.run(
        ["npm", "view", PACKAGE, "time", "--json"], check=True, capture_output=True, text=True
    )
    return str(json.loads(done.stdout).get(version, ""))[:10]


def trimmed(path: Path) -> dict[str, dict[str, str]]:
    """Package name -> what to ``use``, the first ``node`` that has it, the ``url`` to read."""
    manifest = json.loads(path.read_text())
    found: dict[str, dict[str, str]] = {}
    for name, mapping in manifest["mappings"].items():
        options = [manifest["replacements"][key] for key in mapping["replacements"]]
        entry = {
            "use": " or ".join(dict.fromkeys(describe(option) for option in options[:3])),
            "node": min((minimum(option) for option in options), default="", key=number),
            "url": address(mapping.get("url") or options[0].get("url")),
        }
        found[name] = {key: value for key, value in entry.items() if value}
    return found


def describe(option: dict[str, Any]) -> str:
    """One replacement in words."""
    if option["type"] in {"simple", "removal"} and option.get("description"):
        return str(option["description"])
    return str(option.get("replacementModule") or option["id"])


def minimum(option: dict[str, Any]) -> str:
    """The first Node.js version that has a native replacement, "" for the others."""
    for engine in option.get("engines", ()):
        if engine["engine"] == "nodejs":
            return str(engine.get("minVersion", ""))
    return ""


def number(version: str) -> tuple[int, ...]:
    """A version as a sortable tuple."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def address(url: Any) -> str:
    """The address that a url record stands for."""
    bases = {
        "mdn": "https://developer.mozilla.org/docs/",
        "node": "https://nodejs.org/",
        "e18e": "https://e18e.dev/docs/replacements/",
    }
    if isinstance(url, dict) and url.get("type") in bases:
        suffix = ".html" if url["type"] == "e18e" else ""
        return f"{bases[url['type']]}{url['id']}{suffix}"
    return url if isinstance(url, str) else ""


if __name__ == "__main__":
    main(*sys.argv[1:2])
