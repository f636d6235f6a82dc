"""Regular expressions whose matching time explodes: a decision with a verified attack.

``analyse`` parses a JavaScript expression, looks for ambiguity on its automaton and lets a step
counting matcher confirm what it finds. What cannot be decided is no finding.
"""

from archlint.regex.verdict import Verdict, analyse

__all__ = ["Verdict", "analyse"]
