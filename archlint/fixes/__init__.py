"""Safe edits for some findings: proposed from the source, kept only if the finding goes away."""

from archlint.fixes.propose import FIXABLE, Fix, propose
from archlint.fixes.verify import Fixed, fix

__all__ = ["FIXABLE", "Fix", "Fixed", "fix", "propose"]
