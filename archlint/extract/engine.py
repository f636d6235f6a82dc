"""One file: bytes in, facts or the reason for their absence out."""

from __future__ import annotations

import time

import msgspec
from tree_sitter import Point, Tree

from archlint.extract.faults import fault_size, first_fault
from archlint.extract.grammars import lowering, outlining, parser
from archlint.extract.options import MAX_SOURCE, ExtractOptions
from archlint.extract.prepare import as_utf8, obstacle, scripts_only
from archlint.extract.queries import run_queries
from archlint.extract.repair import repaired, repaired_go
from archlint.knowledge.bundlers import is_bundler_config
from archlint.model.facts import FileFacts
from archlint.model.finding import Skip

_BLOCK = 64 * 1024
_CLOCKED = 64 * 1024
"""Smaller files are parsed without looking at the clock: no content makes them slow."""


class TooSlowError(Exception):
    """Parsing overran its time."""


def extract_file(
    path: str, language: str, data: bytes, options: ExtractOptions
) -> FileFacts | Skip:
    """The facts of one file, or why it has none; never raises on what the file says.

    ``language`` is javascript, typescript, tsx or go.
    """
    if len(data) > MAX_SOURCE:
        return Skip(path, f"larger than 1 MB ({len(data) / 1_000_000:.1f} MB)")
    reason = obstacle(data)
    if reason:
        return Skip(path, reason)
    text, problem = as_utf8(data)
    if path.endswith((".vue", ".svelte")):
        text, language = scripts_only(text)
    try:
        if options.outline and not _needs_bodies(path, text):
            return _outline(path, language, text, problem, options)
        return _facts(path, language, text, problem, options)
    except TooSlowError:
        return Skip(path, f"takes longer than {options.soft_seconds:g} s to parse")
    except MemoryError:
        return Skip(path, "needs too much memory")
    except Exception as error:  # a defect of ours must cost one file, not the run
        return Skip(path, f"could not be analysed ({type(error).__name__})")


def _needs_bodies(path: str, text: bytes) -> bool:
    """Whether an outline leaves out what is needed: suppressed blocks, a bundler's aliases."""
    return b"archlint-" in text or is_bundler_config(path)


def _outline(
    path: str, language: str, text: bytes, problem: str, options: ExtractOptions
) -> FileFacts:
    if language == "go":
        tree, grammar = _parse_head(text, options.soft_seconds), language
    else:
        tree, grammar = _parse(language, text, options.soft_seconds)
    facts = outlining(grammar)(path, language, text, tree)
    if tree.root_node.has_error and not facts.problem:
        problem = problem or first_fault(grammar, tree)
    if problem and problem != facts.problem:
        facts = msgspec.structs.replace(facts, problem=problem)
    return facts


def _facts(
    path: str, language: str, text: bytes, problem: str, options: ExtractOptions
) -> FileFacts:
    if language == "go":
        tree, grammar = _parse_go(path, text, options), language
    else:
        tree, grammar = _parse(language, text, options.soft_seconds)
    facts = lowering(grammar)(path, grammar, text, tree)
    if tree.root_node.has_error and not facts.problem:
        problem = problem or first_fault(grammar, tree)
    matches = run_queries(grammar, text, tree, options.rules)
    if problem or matches or grammar != language:
        facts = msgspec.structs.replace(
            facts, language=language, problem=problem or facts.problem, matches=matches
        )
    return facts


def _parse(language: str, text: bytes, seconds: float) -> tuple[Tree, str]:
    """The tree and the grammar that made it: JavaScript with Flow types is read as TSX.

    What the grammars of TypeScript and Go cannot parse is rewritten in place, where that helps.
    """
    tree = timed_parse(language, text, seconds)
    if language == "javascript" and tree.root_node.has_error:
        other = timed_parse("tsx", text, seconds)
        if not other.root_node.has_error or fault_size(other) < fault_size(tree):
            tree, language = other, "tsx"
    if tree.root_node.has_error and language in {"typescript", "tsx", "go"}:
        rewritten = repaired_go(text) if language == "go" else repaired(text)
        other = timed_parse(language, rewritten, seconds) if rewritten != text else tree
        if not other.root_node.has_error or fault_size(other) < fault_size(tree):
            tree = other
    return tree, language


def _parse_go(path: str, text: bytes, options: ExtractOptions) -> Tree:
    """The tree of a Go file, without the bodies that nobody looks into.

    Queries look into every body.
    """
    from archlint.extract.golang import without_unread

    if not any(rule.language == "go" for rule in options.rules):
        short = without_unread(path, text)
        if short is not text:
            tree = timed_parse("go", short, options.soft_seconds)
            if not tree.root_node.has_error:
                return tree
    return _parse("go", text, options.soft_seconds)[0]


def _parse_head(text: bytes, seconds: float) -> Tree:
    """The tree of what a Go file imports; of all of it when that cannot be read alone."""
    from archlint.extract.golang import head

    tree = timed_parse("go", head(text), seconds)
    return timed_parse("go", text, seconds) if tree.root_node.has_error else tree


def timed_parse(language: str, text: bytes, seconds: float) -> Tree:
    """Parse; raises an exception of this module when it takes more CPU time than allowed."""
    if len(text) < _CLOCKED:
        return parser(language).parse(text)
    end = time.process_time() + seconds
    calls = 0

    def read(at: int, _point: Point) -> bytes:
        return text[at : at + _BLOCK]

    def overdue(_at: int, _has_error: bool) -> bool:
        nonlocal calls
        calls += 1
        return calls % 64 == 0 and time.process_time() > end

    try:
        return parser(language).parse(read, encoding="utf8", progress_callback=overdue)
    except ValueError:
        parser(language).reset()
        raise TooSlowError from None
