"""The figures of a repo's dependencies as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec

from archlint.program.dependencies import Chain, Figures, Need
from archlint.render.escape import one_line

SCHEMA_VERSION = 1
_SHOWN = 10


def figures_json(figures: Iterable[Figures]) -> str:
    """A document with one record a manifest; what a format does not say is null."""
    records = [msgspec.to_builtins(item) for item in figures]
    return _json({"schema_version": SCHEMA_VERSION, "manifests": records})


def chains_json(name: str, chains: Iterable[Chain], needs: Iterable[Need] = ()) -> str:
    """Why a package is installed, as JSON; ``modules`` is what each go.mod says of it."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "package": name,
        "modules": [msgspec.to_builtins(need) for need in needs],
        "chains": [msgspec.to_builtins(chain) for chain in chains],
    }
    return _json(document)


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


def figures_text(figures: Iterable[Figures], *, verbose: bool = False) -> str:
    """One paragraph a manifest; ``?`` is what its lockfile's format does not say."""
    parts = [_paragraph(item, verbose) for item in figures]
    return "\n".join(parts) if parts else "No package.json and no go.mod with dependencies.\n"


def _paragraph(item: Figures, verbose: bool) -> str:
    source = f"{item.lockfile or 'no lockfile'}{f', {item.format}' if item.format else ''}"
    lines = [f"{one_line(item.manifest)}  ({one_line(source)})"]
    lines.append(f"  direct            {item.direct}{_dev(item)}")
    lines.append(f"  production total  {_number(item.transitive)}")
    if item.runtime == "node":
        lines.append(f"  depth             {_number(item.depth)}")
    duplicates = item.duplicates
    named = (
        None
        if duplicates is None
        else [f"{d.name} {' and '.join(v for v, _ in d.versions)}" for d in duplicates]
    )
    lines.extend(_list("duplicates", named, verbose))
    if item.runtime == "node":
        lines.extend(_list("install scripts", item.install_scripts, verbose))
        lines.extend(_list("native addons", item.native_addons, verbose))
        deprecated = item.deprecated
        lines.extend(
            _list("deprecated", None if deprecated is None else [n for n, _ in deprecated], verbose)
        )
    return "\n".join(lines) + "\n"


def _dev(item: Figures) -> str:
    return f" (and {item.direct_dev} for development)" if item.direct_dev else ""


def _number(value: int | None) -> str:
    return "?" if value is None else str(value)


def _list(title: str, items: Iterable[str] | None, verbose: bool) -> list[str]:
    if items is None:
        return [f"  {title:<17} ?"]
    found = [one_line(item) for item in items]
    lines = [f"  {title:<17} {len(found)}"]
    shown = found if verbose else found[:_SHOWN]
    lines.extend(f"    {item}" for item in shown)
    if len(shown) < len(found):
        lines.append(f"    and {len(found) - len(shown)} more (--verbose lists them)")
    return lines


def chains_text(chains: Iterable[Chain], needs: Iterable[Need] = ()) -> str:
    """Every manifest with the shortest chains from it to the package."""
    by_manifest: dict[str, list[str]] = {}
    for need in needs:
        by_manifest.setdefault(need.manifest, []).append(_said(need))
    reached: set[str] = set()
    for chain in chains:
        reached.add(chain.manifest)
        steps = one_line(" -> ".join(chain.steps))
        by_manifest.setdefault(chain.manifest, []).append(steps)
    for manifest, lines in by_manifest.items():
        if manifest not in reached:
            lines.append("no chain of imports to it was found in the sources that are here")
    return "".join(
        f"{one_line(manifest)}\n" + "".join(f"  {line}\n" for line in lines)
        for manifest, lines in by_manifest.items()
    )


def _said(need: Need) -> str:
    """What a go.mod says of a module, in one line."""
    asked = "not required by this go.mod itself"
    if need.line:
        kind = "indirectly" if need.indirect else "directly"
        asked = f"required {kind} on line {need.line}"
    words = [f"{need.module} {need.version}".rstrip() + f": {asked}"]
    if need.replacement:
        words.append(f"replaced by {need.replacement}")
    if need.excluded:
        words.append(f"excludes {', '.join(need.excluded)}")
    if need.tools:
        words.append(f"tools: {', '.join(need.tools)}")
    if need.vendored is not None:
        words.append("vendored" if need.vendored else "not vendored")
    return one_line("; ".join(words))
