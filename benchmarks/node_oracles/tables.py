"""The rows of the comparison and the lines on which the tools differ."""

from __future__ import annotations

from pathlib import Path

from benchmarks.node_oracles.checkouts import Checkout
from benchmarks.node_oracles.oracles import Found


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def row(checkout: Checkout, rule: str, oracle: str, pair: tuple[Found, Found]) -> str:
    """One line of the table: the rule's findings of an oracle and of archlint."""
    theirs, mine = pair[0].of(rule), pair[1].of(rule)
    head = f"| {checkout.name} | {checkout.commit} | {checkout.installed} | {rule} | {oracle} "
    if theirs is None or mine is None:
        counts = ["-" if lines is None else str(len(lines)) for lines in (theirs, mine)]
        return head + f"| {' | '.join(counts)} " + "| - " * 8 + "|"
    both = len(theirs & mine)
    return head + (
        f"| {len(theirs)} | {len(mine)} | {both} | {len(theirs - mine)} | {len(mine - theirs)} "
        f"| {share(both, len(theirs))} | {share(both, len(mine))} "
        f"| {pair[0].cpu:.1f} | {pair[1].cpu:.1f} | {pair[0].cpu / pair[1].cpu:.1f} |"
    )


def differences(root: Path, rule: str, pair: tuple[Found, Found], limit: int) -> list[str]:
    """The first lines that only one of two tools reports, with their code."""
    theirs, mine = pair[0].of(rule), pair[1].of(rule)
    if theirs is None or mine is None:
        return []
    shown = []
    for title, only in (("only theirs", theirs - mine), ("only ours", mine - theirs)):
        for path, line in sorted(only)[:limit]:
            code = (root / path).read_text(errors="replace").split("\n")[line - 1].strip()
            shown.append(f"- {rule}, {title}: {path}:{line} `{code[:100]}`")
    return shown


def within(found: Found, files: set[str]) -> Found:
    """The findings in the given files."""
    if found.lines is None:
        return found
    kept = {r: frozenset(x for x in lines if x[0] in files) for r, lines in found.lines.items()}
    return Found(kept, found.cpu)
