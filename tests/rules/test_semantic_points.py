"""Each semantic point of the Node.js side has a flagged and a clean place in the fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import FIXTURES

RULES = FIXTURES / "rules"
REACHED = "blocking-call/points/src/"
FLOATS = "floating-promise/points/src/"

RESOLUTION = {
    "classes and inheritance": "classes.ts",
    "this.x = x in constructors": "constructors.js",
    "factories": "factories.ts",
    "containers": "containers.ts",
    "object literals of functions": "literals.js",
    "prototype methods": "prototypes.js",
    "callbacks through higher-order functions": "callbacks.ts",
    "promisify, bind, call, apply": "bound.js",
    "event emitters within a component": "emitters.ts",
    "re-exports and barrels": "barrel/deep.ts",
    "CommonJS exports: module.exports": "commonjs/whole.js",
    "directory loaders": "loaded/first.js",
    "path aliases": "shared/alias.ts",
    "Flow-annotated files": "flow.js",
    "decorators and NestJS constructor parameters": "decorators.ts",
    "JSX": "elements.tsx",
    "optional chaining": "chained.ts",
    "async iterators": "iterators.ts",
    "using": "disposed.ts",
    "getters and setters": "accessors.ts",
}
"""A file each: it holds a want and, marked ``clean:``, the same call where nothing is wrong."""

PROMISES = {
    "promise-ness by fixpoint over files": "fixpoint.js",
    "lazy thenables": "lazy.js",
    "hybrids of callback and promise": "hybrids.js",
    "can this callee reject?": "settled.js",
    "annotations": "annotated.ts",
    "combinators, chains and branches": "combined.js",
}

PAIRS = {
    "CommonJS exports: exports.x": (REACHED + "commonjs/named.js", REACHED + "commonjs/whole.js"),
    "workspace packages": (
        "blocking-call/points/packages/core/src/index.ts",
        "blocking-call/points/packages/core/src/index.ts",
    ),
    "once-guards": ("listener-leak/once/server.js", "listener-leak/once/server.js"),
    "caches": ("blocking-call/clean-once/server.js", "blocking-call/clean-closure-cache/server.js"),
    "environment gates": (
        "blocking-call/across-files/server.js",
        "blocking-call/clean-gates/server.js",
    ),
    "process boundaries": (
        "blocking-call/background/server.js",
        "blocking-call/clean-process/server.js",
    ),
    "set-up routes": (
        "blocking-call/setup-route/server.js",
        "blocking-call/setup-and-login/server.js",
    ),
    "names are not enough": (
        "blocking-call/class-and-alias/store.js",
        "blocking-call/clean-names/server.js",
    ),
    "unhandledRejection hooks": (
        "floating-promise/process-hook/server.js",
        "floating-promise/handled/server.js",
    ),
    "framework semantics by version": (
        "unguarded-async-handler/express-4/server.js",
        "unguarded-async-handler/express-5/server.js",
    ),
    "declarations of installed packages": (
        "floating-promise/installed-types/src/index.ts",
        "floating-promise/installed-types/src/index.ts",
    ),
    "unsafe expressions": ("unsafe-regex/flagged/server.js", "unsafe-regex/clean/server.js"),
}
"""Points whose flagged and clean places are in different cases."""

FILES = {
    **{k: REACHED + v for k, v in RESOLUTION.items()},
    **{k: FLOATS + v for k, v in PROMISES.items()},
}


def lines(place: str) -> list[str]:
    return (RULES / place).read_text("utf-8").splitlines()


@pytest.mark.parametrize("place", FILES.values(), ids=list(FILES))
def test_one_file_holds_a_flagged_and_a_clean_place(place: str) -> None:
    assert any("// want:" in line for line in lines(place))
    clean = [line for line in lines(place) if "// clean:" in line]
    assert clean
    assert not any("want:" in line for line in clean)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=list(PAIRS))
def test_a_flagged_and_a_clean_case(pair: tuple[str, str]) -> None:
    flagged, clean = pair
    assert any("want:" in line for line in _case(flagged))
    assert any(line.strip() and "want:" not in line for line in lines(clean))


def _case(place: str) -> list[str]:
    """All lines of the case that a place belongs to."""
    case = RULES / Path(*Path(place).parts[:2])
    return [
        line
        for file in sorted(case.rglob("*.[jt]s*"))
        if file.is_file()
        for line in file.read_text("utf-8").splitlines()
    ]


def test_every_file_of_the_points_is_listed() -> None:
    """A new point is added to the table; files without a want only lead to others."""
    listed = {
        RULES / place for place in (*FILES.values(), *(p for pair in PAIRS.values() for p in pair))
    }
    for folder in (REACHED, FLOATS):
        for file in sorted((RULES / folder).rglob("*.[jt]s*")):
            if "clean:" in file.read_text("utf-8"):
                assert file in listed or file.name == "loaders.js", file
