"""Reading a configuration file: its table with the places of its keys, checked and converted."""

from __future__ import annotations

import datetime
import json
import posixpath
from collections.abc import Iterable
from typing import Any

import msgspec

from archlint.config.file import ConfigFile, OptionalGlobs, RuleSettings
from archlint.config.globs import rooted
from archlint.config.lines import KeyPath, find_line, json_lines, toml_lines
from archlint.config.model import Config, GlobUse, NameUse, Override
from archlint.config.shape import Misshapen, check_shape, near, normalised
from archlint.config.toml import MAX_BYTES, decoded, parse_toml
from archlint.model.errors import ArchlintError

_EXTERNAL = ("npm:", "go:", "node:")


class Raw(msgspec.Struct):
    """A configuration as it stands in a file: its table, and where its keys are."""

    file: str
    text: str
    table: dict[str, Any]
    lines: dict[KeyPath, int] = msgspec.field(default_factory=dict)
    above: KeyPath = ()

    def line(self, path: KeyPath, needle: str = "") -> int:
        """The line of a key."""
        return find_line(self.lines, self.text, (*self.above, *path), needle)

    def error(self, path: KeyPath, reason: str, needle: str = "") -> ArchlintError:
        """One line that says what is wrong and where."""
        return ArchlintError(f"{self.file}:{self.line(path, needle)}: {reason}")


def read_raw(name: str, data: bytes, *, explicit: bool = False) -> Raw | None:
    """The configuration in a file; None when a shared file has no section of ours."""
    base = posixpath.basename(name)
    if base == "package.json":
        return _package_json(name, data)
    shared = base == "pyproject.toml"
    table = parse_toml(name, data)
    above: KeyPath = ()
    if shared:
        above = ("tool", "archlint")
        tool = table.get("tool")
        section = tool.get("archlint") if isinstance(tool, dict) else None
        if section is None and not explicit:
            return None
        table = section if isinstance(section, dict) else {}
    text = decoded(name, data)
    return Raw(name, text, normalised(table), toml_lines(text), above)


def _package_json(name: str, data: bytes) -> Raw | None:
    text = decoded(name, data) if len(data) <= MAX_BYTES else data.decode("utf-8", "replace")
    try:
        table = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None  # discovery reports the broken manifest
    section = table.get("archlint") if isinstance(table, dict) else None
    if section is None:
        return None
    raw = Raw(name, text, {}, json_lines(text, "archlint"))
    if not isinstance(section, dict):
        raise raw.error((), "expected `archlint` to be an object")
    raw.table = json.loads(json.dumps(section))
    return raw


def root_config(raw: Raw) -> Config:
    """What the root's file says, as a run wants it; raises ArchlintError."""
    _fill_frameworks(raw)
    parsed = converted(raw, ConfigFile)
    values = {
        name: getattr(parsed, name)
        for name in ConfigFile.__struct_fields__
        if name in Config.__struct_fields__ and name not in {"exclude", "components"}
    }
    values["min_confidence"] = parsed.min_confidence
    config: Config = msgspec.convert(
        {
            **msgspec.to_builtins(values),
            "components": {n: list(globs(g)) for n, g in parsed.components.items()},
            "exclude": list(globs(parsed.exclude)),
            "sources": [raw.file],
        },
        Config,
    )
    _check_days(raw, parsed)
    return msgspec.structs.replace(
        config,
        globs=(*glob_uses(raw, parsed), *_component_uses(raw, parsed)),
        names=tuple(name_uses(raw, parsed)),
    )


def _check_days(raw: Raw, parsed: ConfigFile) -> None:
    """Raise ArchlintError for an ``until`` that is no day."""
    for index, contract in enumerate(parsed.contracts):
        for item in contract.ignore:
            try:
                day = datetime.date.fromisoformat(item.until or "2000-01-01").isoformat()
            except ValueError:
                day = ""
            if item.until and day != item.until:
                reason = f"until: expected a day such as 2027-06-30, got {item.until!r}"
                raise raw.error(("contracts", index), reason, item.until)


def _fill_frameworks(raw: Raw) -> None:
    """A user's framework need not say where its facts come from."""
    for table in _tables(raw.table.get("frameworks")):
        for name, value in (("source", raw.file), ("version", ""), ("date", "")):
            table.setdefault(name, value)


def _tables(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def converted(raw: Raw, kind: type[Any]) -> Any:
    """The table as ``kind``; raises ArchlintError at its first mistake."""
    try:
        check_shape(raw.table, kind)
        return msgspec.convert(raw.table, kind)
    except Misshapen as found:
        raise raw.error(found.path, _at(found), found.needle) from None
    except msgspec.ValidationError as error:
        raise raw.error((), " ".join(str(error).split())) from None


def _at(found: Misshapen) -> str:
    """The reason, led by the key it speaks of unless it names it itself."""
    names = [part for part in found.path if isinstance(part, str)]
    if not names or found.reason.startswith("unknown key"):
        return found.reason
    return f"{'.'.join(names)}: {found.reason}"


def globs(value: tuple[str, ...] | OptionalGlobs) -> tuple[str, ...]:
    """The globs of either form."""
    return value.globs if isinstance(value, OptionalGlobs) else value


def glob_uses(raw: Raw, parsed: RuleSettings, folder: str = "") -> Iterable[GlobUse]:
    """The globs that have to match a file."""
    if not isinstance(parsed.exclude, OptionalGlobs) or not parsed.exclude.optional:
        for glob in globs(parsed.exclude):
            line = raw.line(("exclude",), glob)
            yield GlobUse(raw.file, line, rooted(glob, folder), "exclude")
    for index, override in enumerate(parsed.overrides):
        for glob in () if override.optional else override.files:
            line = raw.line(("overrides", index, "files"), glob)
            yield GlobUse(raw.file, line, rooted(glob, folder), "overrides")


def _component_uses(raw: Raw, parsed: ConfigFile) -> Iterable[GlobUse]:
    for name, declared in parsed.components.items():
        if isinstance(declared, OptionalGlobs) and declared.optional:
            continue
        for glob in globs(declared):
            yield GlobUse(raw.file, raw.line(("components", name), glob), glob, f"component {name}")
    for index, contract in enumerate(parsed.contracts):
        path: KeyPath = ("contracts", index)
        parts = (*contract.layers, *contract.modules, *contract.from_, *contract.to)
        for part in (name.strip() for group in parts for name in group.split("|")):
            if part in parsed.components or part.startswith(_EXTERNAL) or contract.optional:
                continue
            if not any(char in part for char in "/*.{?"):
                hint = near(part, sorted(parsed.components))
                raise raw.error(path, f"no component is called {part!r}: {hint}", part)
            yield GlobUse(raw.file, raw.line(path, part), part, "contracts")


def name_uses(raw: Raw, parsed: RuleSettings) -> Iterable[NameUse]:
    """The names of rules and categories, to be checked once the rules are known."""
    layers: list[tuple[KeyPath, RuleSettings | Override]] = [((), parsed)]
    layers += [(("overrides", i), o) for i, o in enumerate(parsed.overrides)]
    for path, layer in layers:
        for key in ("select", "extend_select", "ignore", "severity", "confidence"):
            for name in getattr(layer, key) or ():
                bare = name.removeprefix("!")
                yield NameUse(raw.file, raw.line((*path, key), bare), bare)
