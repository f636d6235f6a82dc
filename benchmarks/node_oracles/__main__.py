"""Compares archlint with typed ESLint, eslint-plugin-n and oxlint on the same checkouts.

    python -m benchmarks.node_oracles WORKDIR REPO[:SUBDIR] ... [--install] [--show N]

The oracles are installed by npm into WORKDIR/oracles, and each repo is copied to WORKDIR/checkouts,
so that neither the project nor the repo is written to. With --install each repo is compared a
second time, in a second copy into which npm has put its dependencies (scripts do not run). Copies
are kept and used again; remove them to start over.

Findings are compared by file and line, in the files that archlint takes for production code: those
in TypeScript for the promise rules, all for the synchronous calls. The type checker gets one
generated tsconfig.json: strict, with the paths, lib and decorator settings of the repo's own.
CPU seconds are user + system of the whole process tree, cold; an oracle that cannot run leaves "-".
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.node_oracles.checkouts import Checkout, checkouts, production
from benchmarks.node_oracles.oracles import (
    BLOCKING,
    FLOATING,
    MISUSED,
    TYPESCRIPT,
    Found,
    eslint,
    install_oracles,
    ours,
    oxlint,
    prepare,
    restore,
    versions,
)
from benchmarks.node_oracles.tables import differences, row, within


def compare(place: Path, checkout: Checkout, limit: int) -> tuple[list[str], list[str]]:
    """The rows of one checkout and, up to ``limit`` a side, where the tools differ."""
    root = checkout.root
    restore(root)
    mine, files = ours(root), production(root)
    nothing = Found(None, 0.0)
    sync = typed = quick = nothing
    try:
        ready = prepare(place, root, files)
        sync = eslint(place, root, "sync", {"n/no-sync": BLOCKING})
        if ready:
            names = {"no-floating-promises": FLOATING, "no-misused-promises": MISUSED}
            typed = eslint(place, root, "typed", names)
            quick = oxlint(place, root)
    finally:
        restore(root)
    in_typescript = {p for p in files if p.endswith(TYPESCRIPT) and not p.endswith(".d.ts")}
    rows, shown = [], []
    for rule, oracle, found in (
        (FLOATING, "typescript-eslint", typed),
        (MISUSED, "typescript-eslint", typed),
        (FLOATING, "oxlint", quick),
        (BLOCKING, "eslint-plugin-n", sync),
    ):
        scope = set(files) if rule == BLOCKING else in_typescript
        pair = (within(found, scope), within(mine, scope))
        rows.append(row(checkout, rule, oracle, pair))
        different = differences(root, rule, pair, limit)
        if different:
            shown += [f"\n{checkout.name} ({checkout.installed}), {oracle}:\n", *different]
    return rows, shown


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("work", type=Path, metavar="WORKDIR")
    options.add_argument("repos", nargs="+", metavar="REPO[:SUBDIR]")
    options.add_argument("--install", action="store_true")
    options.add_argument("--show", type=int, default=0, metavar="N")
    args = options.parse_args()
    work = args.work.resolve()
    install_oracles(work / "oracles")
    rows, shown = [], []
    for spec in args.repos:
        for checkout in checkouts(work, spec, args.install):
            more, different = compare(work / "oracles", checkout, args.show)
            rows += more
            shown += different
    print(f"Oracles: {versions(work / 'oracles')}.\n")
    print(
        "| repo | commit | dependencies | rule | oracle | theirs | archlint | both | only theirs "
        "| only ours | recall | precision | CPU s, theirs | CPU s, archlint | ratio |"
    )
    print("| --- " * 15 + "|")
    print("\n".join(rows))
    print("\n".join(shown))


if __name__ == "__main__":
    main()
