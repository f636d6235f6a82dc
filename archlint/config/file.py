"""What may stand in a configuration file; these types are also the editors' schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from archlint.config.model import (
    ConfidenceName,
    Contract,
    Dependencies,
    Globs,
    Names,
    Override,
    Section,
    SeverityName,
)
from archlint.knowledge.frameworks import Framework
from archlint.model.schema import published_schema

Severities = Annotated[
    dict[str, SeverityName],
    Meta(description="By rule, category or `all`; contexts that soften a finding still do."),
]
Confidences = Annotated[
    dict[str, ConfidenceName], Meta(description="Least confidence by rule, category or `all`.")
]


class OptionalGlobs(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Globs that may match nothing."""

    globs: Globs
    optional: bool = False


Components = Annotated[
    dict[str, Globs | OptionalGlobs], Meta(description="Names for parts of the repo.")
]
Context = Annotated[
    dict[str, Any], Meta(description="Answers for the suitability report, by question.")
]


class RuleSettings(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What both a root's and a nested file may set."""

    select: Annotated[Names | None, Meta(description="Replaces the default rules.")] = None
    extend_select: Annotated[Names, Meta(description="Adds to the selected rules.")] = ()
    ignore: Annotated[Names, Meta(description="Takes rules away.")] = ()
    severity: Severities = msgspec.field(default_factory=dict)
    confidence: Confidences = msgspec.field(default_factory=dict)
    exclude: Annotated[
        Globs | OptionalGlobs, Meta(description="Files that are left out of the analysis.")
    ] = ()
    overrides: tuple[Override, ...] = ()


class NestedFile(RuleSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An archlint.toml below the scanned root: holds for its folder."""


class ConfigFile(RuleSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An archlint.toml, or that section of a pyproject.toml or package.json."""

    min_confidence: Annotated[ConfidenceName, Meta(description="What is shown at least.")] = (
        "medium"
    )
    fail_on: Annotated[
        Literal["error", "warning", "note"], Meta(description="What fails a run at least.")
    ] = "error"
    baseline: Annotated[str, Meta(description="The baseline file, from this folder on.")] = ""
    read_dependencies: Annotated[
        bool, Meta(description="Whether what is installed beside the code tells signatures.")
    ] = True
    components: Components = msgspec.field(default_factory=dict)
    contracts: tuple[Contract, ...] = ()
    dependencies: Dependencies = Dependencies()
    context: Context = msgspec.field(default_factory=dict)
    frameworks: tuple[Framework, ...] = ()


def schema() -> dict[str, Any]:
    """The JSON schema of archlint.toml, for editors."""
    found = published_schema("archlint configuration", ConfigFile)
    for framework in ("Framework",):
        required = found["$defs"][framework]["required"]
        found["$defs"][framework]["required"] = [r for r in required if r == "name"]
    return found
