"""What only the tree and the rules can tell: nested files, dead globs, unknown rule names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from archlint.config.globs import dead, rooted
from archlint.config.load import FILE_NAMES, read_config
from archlint.config.model import Config, Override
from archlint.config.selection import known_names
from archlint.model.errors import ArchlintError
from archlint.model.finding import RuleInfo

if TYPE_CHECKING:
    from archlint.config.file import NestedFile
    from archlint.config.reading import Raw


def complete(config: Config, tree: Iterable[str], documents: Mapping[str, str]) -> Config:
    """Add the nested files' settings; raises ArchlintError for globs that match nothing."""
    nested = sorted(
        (path for path in documents if posixpath.basename(path) in FILE_NAMES and "/" in path),
        key=lambda p: (p.count("/"), posixpath.dirname(p), FILE_NAMES.index(posixpath.basename(p))),
    )
    done: set[str] = set()
    for path in nested:
        folder = posixpath.dirname(path)
        text = documents[path]
        if config.excludes(path) or folder in done:
            continue
        if "archlint" not in (posixpath.basename(path) + text):
            continue
        raw = read_config(path, text.encode("utf-8", "replace"))
        if raw is not None:
            done.add(folder)
            config = _nested(config, raw, folder)
    if config.globs:
        _check_globs(config, sorted(tree))
    return config


def _nested(config: Config, raw: Raw, folder: str) -> Config:
    from archlint.config.file import ConfigFile, NestedFile
    from archlint.config.reading import converted, glob_uses, globs, name_uses

    for key in raw.table:
        if key in ConfigFile.__struct_fields__ and key not in NestedFile.__struct_fields__:
            raise raw.error((key,), f"{key!r} belongs into the root's configuration", key)
    parsed: NestedFile = converted(raw, NestedFile)
    own = Override(
        files=(f"{folder}/**",),
        select=parsed.select,
        extend_select=parsed.extend_select,
        ignore=parsed.ignore,
        severity=parsed.severity,
        confidence=parsed.confidence,
    )
    below = tuple(
        msgspec.structs.replace(o, files=tuple(rooted(glob, folder) for glob in o.files))
        for o in parsed.overrides
    )
    exclude = tuple(rooted(glob, folder) for glob in globs(parsed.exclude))
    return msgspec.structs.replace(
        config,
        overrides=(*config.overrides, own, *below),
        exclude=(*config.exclude, *exclude),
        sources=(*config.sources, raw.file),
        globs=(*config.globs, *glob_uses(raw, parsed, folder)),
        names=(*config.names, *name_uses(raw, parsed)),
    )


def _check_globs(config: Config, paths: list[str]) -> None:
    unmatched = set(dead([use.glob for use in config.globs], paths))
    for use in config.globs:
        if use.glob in unmatched:
            hint = _near_path(use.glob, paths)
            raise ArchlintError(
                f"{use.file}:{use.line}: {use.what}: {use.glob!r} matches no file{hint}"
            )


def _near_path(glob: str, paths: list[str]) -> str:
    """A hint at the nearest folder, since most dead globs have one misspelt or moved."""
    from archlint.config.shape import near

    folders = sorted({folder for path in paths for folder in _above(path)})
    fixed = [
        part for part in glob.removeprefix("!").split("/") if not any(c in part for c in "*?[{")
    ]
    wanted = "/".join(fixed)
    hint = near(wanted, folders) if wanted else ""
    return f": {hint}" if hint.startswith("did you mean") else " (ignored files do not count)"


def _above(path: str) -> Iterable[str]:
    parts = path.split("/")
    return ("/".join(parts[:size]) for size in range(1, len(parts) + 1))


def check_names(config: Config, rules: Iterable[RuleInfo]) -> None:
    """Raise ArchlintError for a name in the configuration that no rule or category has."""
    known = known_names(rules) if config.names else ()
    for use in config.names:
        if use.name not in known:
            from archlint.config.shape import near

            hint = near(use.name, list(known))
            hint = hint if hint.startswith("did you mean") else "see `archlint rules`"
            raise ArchlintError(f"{use.file}:{use.line}: no rule is called {use.name!r}: {hint}")
