"""The rules about using archlint itself: suppressions and baselines that are no longer right."""

from __future__ import annotations

from archlint.model.finding import Confidence, RuleInfo, Severity

_ALL = ("javascript", "typescript", "go")

UNUSED_SUPPRESSION = RuleInfo(
    id="unused-suppression",
    category="meta",
    summary="A suppression comment that silences nothing.",
    why="It hides the next real finding at its place, and tells readers of a risk that is gone.",
    remedy="Delete the comment, or the rule's name from it.",
    guide="",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=_ALL,
)
INVALID_SUPPRESSION = RuleInfo(
    id="invalid-suppression",
    category="meta",
    summary="A suppression comment without a reason, or one that cannot be understood.",
    why="It is not applied: a suppression without its reason cannot be judged by the next reader.",
    remedy="Write `archlint-ignore RULE: reason` with the id of a rule.",
    guide="",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=_ALL,
)
STALE_BASELINE = RuleInfo(
    id="stale-baseline",
    category="meta",
    summary="A baseline entry whose finding is gone.",
    why="A stale entry lets the same finding come back unseen: a baseline may only shrink.",
    remedy="Run `archlint baseline prune` and commit the file.",
    guide="",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=_ALL,
)

META_RULES = (INVALID_SUPPRESSION, STALE_BASELINE, UNUSED_SUPPRESSION)
