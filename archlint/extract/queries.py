"""Queries of rules: found, compiled together per language, run over a tree.

The text of a query is tree-sitter's; its predicates that are not tree-sitter's own
(``#on-request-path?``) hold here and are decided by the rule engine, which sees the program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
from tree_sitter import Node, Query, QueryCursor, QueryError, Tree

from archlint.extract.grammars import language
from archlint.extract.options import QueryRule
from archlint.model.errors import ArchlintError
from archlint.model.facts import Match
from archlint.model.pattern import lazy_regex

LANGUAGES = ("javascript", "typescript", "tsx", "go")
_MATCH_LIMIT = 10_000
_MAX_MATCHES = 2_000
_MAX_DEPTH = 400
"""Matches start no deeper: a query's time grows with the square of the depth."""
_TEXT = 200
_INHERITS = lazy_regex(r"^;\s*inherits:\s*([\w, ]+)$", re.MULTILINE)
_PATTERN = lazy_regex(r"^;\s*needs-pattern:\s*(.+)$", re.MULTILINE)
_NEEDS = lazy_regex(r"^;\s*needs:\s*(.+)$", re.MULTILINE)


def folder() -> Path:
    """Where the queries lie: in the package, or beside it in a checkout."""
    packaged = Path(__file__).resolve().parents[1] / "_queries"
    return packaged if packaged.is_dir() else packaged.parents[1] / "queries"


def query_text(base: Path, name: str, relative: str) -> str:
    """A language's query with what its first lines say it inherits, "" when there is none."""
    path = base / name / relative
    if not path.is_file():
        return ""
    text = path.read_text("utf-8")
    inherited = _INHERITS.search(text)
    names = inherited.group(1).split(",") if inherited else []
    return "".join(query_text(base, n.strip(), relative) for n in names) + text


@cache
def builtin_rules() -> tuple[QueryRule, ...]:
    """The queries of built-in rules, for each language they speak of."""
    base = folder()
    found: list[QueryRule] = []
    for name in LANGUAGES:
        for path in sorted((base / name / "rules").glob("*.scm")):
            text = query_text(base, name, f"rules/{path.name}")
            pattern = _PATTERN.search(text)
            rule = query_rule(path.stem, name, text)
            found.append(
                msgspec.structs.replace(rule, pattern=pattern.group(1)) if pattern else rule
            )
    return tuple(found)


def query_rule(rule: str, name: str, text: str) -> QueryRule:
    """A rule's query; its ``; needs:`` line lists words of which a file must hold one."""
    needs = _NEEDS.search(text)
    words = tuple(word.encode() for word in needs.group(1).split()) if needs else ()
    return QueryRule(rule, name, text, words)


_HEADER = lazy_regex(r"^;\s*(\w+):\s*(.+?)\s*$", re.MULTILINE)
_USER_RULE = lazy_regex(r"^\.archlint/rules/([a-z][a-z0-9-]*)\.scm$")
_ECMA = "javascript, typescript, tsx"


def header(text: str) -> dict[str, str]:
    """The ``; key: value`` lines of a query file."""
    return dict(_HEADER.findall(text))


def user_queries(documents: Mapping[str, str]) -> tuple[QueryRule, ...]:
    """The queries of the repo's own rules (``.archlint/rules/<id>.scm``), checked.

    Raises ArchlintError for one that does not compile or names an unknown language.
    """
    found: list[QueryRule] = []
    for path in sorted(documents):
        named = _USER_RULE.match(path)
        if named is None:
            continue
        for name in header(documents[path]).get("languages", _ECMA).split(","):
            if name.strip() not in LANGUAGES:
                raise ArchlintError(f"{path}: unknown language {name.strip()!r}")
            rule = query_rule(named.group(1), name.strip(), documents[path])
            check_query(rule)
            found.append(rule)
    return tuple(found)


def check_query(rule: QueryRule) -> None:
    """Compile a query; raises ArchlintError with the line when it does not compile."""
    try:
        Query(language(rule.language), rule.text)
    except (QueryError, ValueError) as error:
        text = " ".join(str(error).split())[:200]
        raise ArchlintError(
            f"rule {rule.rule}: its query does not fit {rule.language}: {text}"
        ) from None


@cache
def _pattern(source: str) -> re.Pattern[bytes]:
    return re.compile(source.encode())


def _is_worth_it(rule: QueryRule, text: bytes) -> bool:
    """Whether the file holds what the query's matches cannot do without."""
    if rule.needs and not any(word in text for word in rule.needs):
        return False
    return not rule.pattern or _pattern(rule.pattern).search(text) is not None


@cache
def _compiled(rules: tuple[QueryRule, ...]) -> tuple[Query, tuple[str, ...]]:
    """One query of all rules' texts, and the rule of each of its patterns."""
    text, starts = "", []
    for rule in rules:
        starts.append(len(text.encode()))
        text += rule.text + "\n"
    query = Query(language(rules[0].language), text)
    owners: list[str] = []
    for pattern in range(query.pattern_count):
        at = query.start_byte_for_pattern(pattern)
        owners.append(rules[max(i for i, start in enumerate(starts) if start <= at)].rule)
    return query, tuple(owners)


def run_queries(
    grammar: str, text: bytes, tree: Tree, rules: tuple[QueryRule, ...]
) -> tuple[Match, ...]:
    """What the rules' queries match in a tree, in source order; one pass for all of them."""
    wanted = tuple(rule for rule in rules if rule.language == grammar and _is_worth_it(rule, text))
    if not wanted:
        return ()
    query, owners = _compiled(wanted)
    cursor = QueryCursor(query, match_limit=_MATCH_LIMIT)
    cursor.set_max_start_depth(_MAX_DEPTH)
    found = cursor.matches(tree.root_node, lambda *_: True)
    matches = [Match(owners[p], _captures(nodes, text)) for p, nodes in found[:_MAX_MATCHES]]
    return tuple(sorted(matches, key=_place))


def _place(match: Match) -> tuple[int, int, str]:
    first = match.captures[0] if match.captures else ("", 0, 0, "")
    return first[1], -first[2], match.rule


def _captures(nodes: dict[str, list[Node]], text: bytes) -> tuple[tuple[str, int, int, str], ...]:
    """Each captured node as (name, at, end, text), the outermost first."""
    spans = [
        (name, node.start_byte, node.end_byte) for name, group in nodes.items() for node in group
    ]
    spans.sort(key=lambda span: (span[1], -span[2], span[0]))
    return tuple(
        (name, at, end, text[at : min(end, at + 4 * _TEXT)].decode("utf-8", "replace")[:_TEXT])
        for name, at, end in spans
    )
