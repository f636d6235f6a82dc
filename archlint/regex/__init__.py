"""Regular expressions whose matching time explodes: a decision with a verified attack.

``verdict.analyse`` parses a JavaScript expression, looks for ambiguity on its automaton and lets a
step counting matcher confirm what it finds; ``risk.worst_case`` says cheaply that there is nothing
to look for. What cannot be decided is no finding.
"""
