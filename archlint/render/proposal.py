"""A proposed configuration as TOML."""

from __future__ import annotations

import json

from archlint.program.architecture.proposal import Proposal
from archlint.render.escape import one_line

_HEAD = """\
# archlint.toml: what the repo's architecture is today, for you to correct.
# All keys: archlint config schema; a rule's meaning: archlint explain RULE.

"""


def to_toml(proposal: Proposal) -> str:
    """Components, and contracts that hold as the imports are now."""
    lines = ["[components]"]
    for name, globs in proposal.components.items():
        lines.append(f"{_quoted(name)} = [{', '.join(_quoted(glob) for glob in globs)}]")
    lines.append("")
    lines += [f"# In a circle today: {one_line(', '.join(circle))}" for circle in proposal.circles]
    if proposal.layers:
        lines += ["[[contracts]]", 'name = "layers"', 'type = "layers"', "layers = ["]
        lines += [f"  {_quoted(' | '.join(row))}," for row in proposal.layers]
        lines += ["]", 'reason = "importers stand above what they import"', ""]
    elif proposal.circles:
        free = [n for n in proposal.components if not any(n in c for c in proposal.circles)]
        if len(free) > 1:
            lines += ["[[contracts]]", 'name = "no-circles"', 'type = "acyclic"']
            lines += [f"modules = [{', '.join(_quoted(name) for name in free)}]", ""]
    lines += ["[dependencies]", "max_transitive_prod = 600"]
    return _HEAD + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's, surrogate pairs apart."""
    return json.dumps(one_line(text), ensure_ascii=False)
