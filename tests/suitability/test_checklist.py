"""The guide's statements, filled in from signals."""

from __future__ import annotations

import msgspec

from archlint.knowledge.suitability import load_guide
from archlint.suitability.checklist import Filler
from tests.render.report.sample import signals


def test_what_several_signals_say_alike_is_said_once() -> None:
    guide = load_guide()
    statements = [s for part in guide.scenarios for s in part.items if len(s.evidence) > 1]
    assert statements
    for statement in statements:
        known = {
            name: msgspec.structs.replace(
                signals()[0], id=name, says="", why_unknown="no entry point", value=None
            )
            for name in statement.evidence
        }
        item = Filler(known, {}, {}).item(statement)
        if item.status == "unknown":
            assert item.note == "no entry point"
