"""What a configuration file may say; the same types give the editors' schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from archlint.config.globs import matches
from archlint.config.selection import Setting, evaluate, setting
from archlint.knowledge.frameworks import Framework
from archlint.model.finding import Confidence, RuleInfo, Severity

Names = Annotated[
    tuple[str, ...],
    Meta(description="Rule ids, categories, `all` or `default`; `!name` takes one out again."),
]
Globs = Annotated[
    tuple[str, ...],
    Meta(description="Globs from this file's folder on: `**`, `*`, `?`, `{a,b}`; `!glob` negates."),
]
SeverityName = Literal["error", "warning", "note", "off"]
ConfidenceName = Literal["high", "medium", "low"]


BASELINE_NAME = "archlint-baseline.json"
"""The baseline's file, where the configuration names no other."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the tables of a configuration file."""


class Override(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings for some files only; later overrides win."""

    files: Globs
    select: Names | None = None
    extend_select: Names = ()
    ignore: Names = ()
    severity: dict[str, SeverityName] = {}
    confidence: dict[str, ConfidenceName] = {}
    optional: bool = False
    reason: str = ""


class IgnoredImport(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An import that a contract lets pass, to the end of the day ``until`` (an ISO date)."""

    from_: str = msgspec.field(name="from")
    to: str
    reason: str = ""
    until: str = ""


class Contract(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule about who may import whom; names are components, globs or external modules."""

    type: Literal["layers", "forbidden", "independence", "acyclic", "protected", "allow"]
    name: str = ""
    layers: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    from_: tuple[str, ...] = msgspec.field(name="from", default=())
    to: tuple[str, ...] = ()
    indirect: bool = True
    type_imports: bool = False
    optional: bool = False
    ignore: tuple[IgnoredImport, ...] = ()
    severity: Literal["error", "warning", "note"] = "error"
    reason: str = ""


class Denied(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dependency that must not be used, and what to use in its place."""

    module: str
    use: tuple[str, ...] = ()
    reason: str = ""


class Dependencies(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Budgets and opinions about dependencies."""

    max_transitive_prod: int | None = None
    max_direct_prod: int | None = None
    max_depth: int | None = None
    deny: tuple[Denied, ...] = ()
    replace: tuple[Denied, ...] = ()
    allow: tuple[str, ...] = ()
    """Names that no dependency rule reports."""


class GlobUse(NamedTuple):
    """A glob of a configuration file that has to match something: where it stands, and of what."""

    file: str
    line: int
    glob: str
    what: str


class NameUse(NamedTuple):
    """A name of a rule or category, and where it stands."""

    file: str
    line: int
    name: str


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The configuration of a run, defaults filled in; globs are relative to the scanned root.

    ``context`` maps a question (``team.main_language``) to value, rationale, source and date.
    ``sources`` are the files it came from; ``globs`` and ``names`` are checked once the tree and
    the rules are known. ``today`` (an ISO date, "" for none) is by what ``until`` is judged: it is
    given from outside, never read from a clock. ``read_dependencies`` lets ``node_modules``,
    ``vendor`` and Go's module cache be read.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: dict[str, SeverityName] = {}
    confidence: dict[str, ConfidenceName] = {}
    min_confidence: Confidence = Confidence.MEDIUM
    fail_on: Severity = Severity.ERROR
    exclude: tuple[str, ...] = ()
    baseline: str = ""
    read_dependencies: bool = True
    overrides: tuple[Override, ...] = ()
    components: dict[str, tuple[str, ...]] = {}
    contracts: tuple[Contract, ...] = ()
    dependencies: Dependencies = Dependencies()
    context: dict[str, Any] = {}
    frameworks: tuple[Framework, ...] = ()
    sources: tuple[str, ...] = ()
    globs: tuple[GlobUse, ...] = ()
    names: tuple[NameUse, ...] = ()
    today: str = ""

    def lapsed(self, item: IgnoredImport) -> bool:
        """Whether the day to which an import may pass is over."""
        return bool(item.until and self.today) and item.until < self.today

    def selects(self, info: RuleInfo) -> bool:
        """Whether the rule is on for at least some files, so that it has to run."""
        if setting(self, info).enabled:
            return True
        return any(self.setting(info, override).enabled for override in self.overrides)

    def setting(self, info: RuleInfo, *overrides: Override) -> Setting:
        """The rule's settings at top level with ``overrides`` applied in their order."""
        return evaluate(setting(self, info), overrides, info)

    def at(self, info: RuleInfo, path: str) -> Setting:
        """The rule's settings for a file."""
        fitting = (o for o in self.overrides if matches(o.files, path))
        return self.setting(info, *fitting)

    def excludes(self, path: str) -> bool:
        """Whether the file is left out of the analysis."""
        return bool(self.exclude) and matches(self.exclude, path)
