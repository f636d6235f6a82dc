"""A direct dependency is pinned to a commit, or to no version at all.

Why it matters: a commit carries no promise of compatibility, gets no fixes by updating, and can
vanish when its branch is rewritten; a git branch or `latest` changes under the build.
What to do: require a tagged release; where there is none, ask for one or note why.
Guide: dependencies are to stay predictable, as Go modules keep them by tracking versions (L123).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Report, Severity
from archlint.model.pattern import lazy_regex
from archlint.program.dependencies import dependency_place, dependency_tree, line_place
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import (
    Tone,
    allowed,
    go_modules,
    manifest_report,
    node_packages,
)
from archlint.rules.registry import rule

_PSEUDO = lazy_regex(r"^v\d+\.(?:0\.0-|\d+\.\d+-(?:[^+]*\.)?0\.)(\d{14})-([0-9a-f]{12})(?:\+.*)?$")
_GIT = lazy_regex(
    r"^(?:git(?:\+\w+)?:|git@|github:|gitlab:|bitbucket:|https?:.*\.git(?:#|$)|[\w.-]+/[\w.-]+(?:#|$))"
)
_COMMIT = lazy_regex(r"#(?:commit[:=])?[0-9a-f]{7,40}$|#(?:semver:|v?\d+\.)")
_FLOATING = frozenset({"", "*", "latest", "next", "x", ">=0"})
_NEVER_TAGGED = ("golang.org/x/exp", "google.golang.org/genproto")


@rule(
    "pseudo-version",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript", "go"),
    needs="manifests",
)
def pseudo_version(program: Program) -> Iterator[Report]:
    """Notes for commits, warnings for what may change from one installation to the next."""
    for module in go_modules(program):
        local = {item.module for item in module.replaces if item.local}
        for item in module.requires:
            if item.module in local:  # local-replace speaks of it; the version is never looked at
                continue
            match = _PSEUDO.match(item.version)
            if item.indirect or match is None or item.module.startswith(_NEVER_TAGGED):
                continue
            if not allowed(program, item.module):
                day = f"{match[1][:4]}-{match[1][4:6]}-{match[1][6:8]}"
                message = f"{item.module} is pinned to commit {match[2][:8]} of {day}, no release"
                place = line_place(program, module.path, item.line)
                yield manifest_report(program, place, message, item.module)
    siblings = {package.name for package in program.workspace.packages}
    for package, component in node_packages(program):
        locked = dependency_tree(program, package).lockfile is not None
        wanted = {**package.optional_dependencies, **package.dependencies}
        for name, wish in sorted(wanted.items()):
            if allowed(program, name) or name in siblings:
                continue
            place = dependency_place(program, package.path, name)
            if _GIT.match(wish) and not _COMMIT.search(wish):
                message = f"{name} is a git dependency without a commit or tag: {wish}"
                tone = Tone(severity=Severity.NOTE if locked else Severity.WARNING)
                yield manifest_report(program, place, message, name, tone)
            elif _GIT.match(wish):
                yield manifest_report(program, place, f"{name} is a git dependency: {wish}", name)
            elif wish in _FLOATING and component.kind != "library":
                message = f"{name} accepts any version ({wish or 'empty range'})"
                tone = Tone(severity=Severity.NOTE if locked else Severity.WARNING)
                yield manifest_report(program, place, message, name, tone)
