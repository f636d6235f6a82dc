"""go.mod and go.work: the grammar of golang.org/x/mod/modfile, read line by line."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

import msgspec

from archlint.model.errors import ManifestError
from archlint.model.pattern import lazy_regex
from archlint.model.workspace import GoModule, GoReplace, GoRequire

_TOKEN = lazy_regex(
    r"//.*|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|=>|[()\[\],]|(?:(?!//|=>)[^\s\"`()\[\],])+|[\"`]"
)
_ESCAPE = lazy_regex(r"\\(.)")


class Directive(msgspec.Struct, frozen=True):
    """One directive: its keyword, its tokens unquoted, the trailing comment and its line."""

    keyword: str
    args: tuple[str, ...]
    comment: str
    line: int


def directives(path: str, text: str) -> Iterator[Directive]:
    """The directives of a go.mod or go.work, blocks flattened; raises ManifestError."""
    block = ""
    for number, line in enumerate(text.splitlines(), 1):
        tokens = _TOKEN.findall(line)
        comment = tokens.pop()[2:].strip() if tokens and tokens[-1].startswith("//") else ""
        if not tokens:
            continue
        if tokens == [")"] and block:
            block = ""
        elif len(tokens) == 2 and tokens[1] == "(" and not block:
            block = tokens[0]
        elif not (len(tokens) == 3 and tokens[1:] == ["(", ")"]):
            words = tuple(_unquote(path, number, token) for token in tokens)
            keyword, args = (block, words) if block else (words[0], words[1:])
            yield Directive(keyword, args, comment, number)
    if block:
        raise ManifestError(path, f"has an unclosed {block} block")


def _unquote(path: str, line: int, token: str) -> str:
    if token in {'"', "`"}:
        raise ManifestError(path, f"has an unclosed string on line {line}")
    if token[0] == '"':
        return _ESCAPE.sub(r"\1", token[1:-1])
    return token[1:-1] if token[0] == "`" else token


def parse_go_mod(path: str, text: str) -> GoModule:
    """Read a go.mod; unknown directives are ignored as Go does for dependencies.

    ``has_sum`` and ``has_vendor`` are left False: they are facts about the folder. Raises
    ManifestError when there is no module line or the text is no go.mod.
    """
    single: dict[str, str] = {}
    requires: list[GoRequire] = []
    replaces: list[GoReplace] = []
    excludes: list[tuple[str, str]] = []
    tools: list[str] = []
    for item in directives(path, text):
        if item.keyword in {"module", "go", "toolchain"} and item.args:
            single.setdefault(item.keyword, item.args[0])
        elif item.keyword == "require":
            requires.append(_require(path, item))
        elif item.keyword == "replace":
            replaces.append(_replace(path, item))
        elif item.keyword == "exclude" and len(item.args) == 2:
            excludes.append((item.args[0], item.args[1]))
        elif item.keyword == "tool" and item.args:
            tools.append(item.args[0])
    if "module" not in single:
        raise ManifestError(path, "has no module line")
    return GoModule(
        path=path,
        root=posixpath.dirname(path),
        module=single["module"],
        go_version=single.get("go", ""),
        toolchain=single.get("toolchain", ""),
        requires=tuple(requires),
        replaces=tuple(replaces),
        excludes=tuple(excludes),
        tools=tuple(tools),
    )


def _require(path: str, item: Directive) -> GoRequire:
    if len(item.args) != 2:
        raise ManifestError(path, f"has a malformed require on line {item.line}")
    words = item.comment.split()
    indirect = bool(words) and (words[0] == "indirect" or words[0].startswith("indirect;"))
    return GoRequire(item.args[0], item.args[1], indirect, item.line)


def _replace(path: str, item: Directive) -> GoReplace:
    if "=>" not in item.args:
        raise ManifestError(path, f"has a malformed replace on line {item.line}")
    arrow = item.args.index("=>")
    old, new = item.args[:arrow], item.args[arrow + 1 :]
    if not 1 <= len(old) <= 2 or not 1 <= len(new) <= 2:
        raise ManifestError(path, f"has a malformed replace on line {item.line}")
    return GoReplace(
        module=old[0],
        version=old[1] if len(old) == 2 else "",
        target=new[0],
        target_version=new[1] if len(new) == 2 else "",
        local=len(new) == 1,
        line=item.line,
    )


def parse_go_work(text: str) -> tuple[str, ...]:
    """The folders that a go.work uses, relative to it (``.`` is ""); raises ManifestError."""
    found = [
        posixpath.normpath(item.args[0])
        for item in directives("go.work", text)
        if item.keyword == "use" and item.args
    ]
    return tuple("" if folder == "." else folder for folder in found)


def go_work_replaces(text: str) -> tuple[GoReplace, ...]:
    """The replacements of a go.work, for all modules that it uses; raises ManifestError."""
    found = directives("go.work", text)
    return tuple(_replace("go.work", item) for item in found if item.keyword == "replace")
