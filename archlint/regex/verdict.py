"""The decision: is an expression's matching time exponential or polynomial, and on which text."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise

import msgspec

from archlint.regex.ambiguity import GivenUp, Pump, pumps
from archlint.regex.automaton import Automaton, TooLarge, build
from archlint.regex.matcher import OutOfSteps, steps
from archlint.regex.program import Program, TooComplex, compile_tree
from archlint.regex.syntax import RegexError, parse

_BUDGET = 60_000
"""Steps of one trial match."""
_ALL_TRIALS = 400_000
_CANDIDATES = 12
_REPEATS = 14
_MATCHED, _TOO_MANY = -1, -2


class Verdict(msgspec.Struct, frozen=True):
    """``kind``: exponential, polynomial, safe or undecided.

    The attack is ``prefix + pump * n + suffix``. ``degree`` is the polynomial's, as measured (2 for
    quadratic); 0 otherwise. ``reason`` says why nothing was decided.
    """

    kind: str
    prefix: str = ""
    pump: str = ""
    suffix: str = ""
    degree: int = 0
    reason: str = ""

    def attack(self, times: int) -> str:
        """The text with the pump repeated."""
        return self.prefix + self.pump * times + self.suffix


@lru_cache(maxsize=4_096)
def analyse(source: str, flags: str = "", *, polynomial: bool = True) -> Verdict:
    """Decide about an expression given without slashes; never raises.

    Without ``polynomial`` only exponential expressions are looked for, which is much cheaper.
    """
    try:
        parsed = parse(source, flags)
        automaton = build(parsed)
        program = compile_tree(parsed)
    except RegexError as error:
        return Verdict("undecided", reason=str(error))
    except (TooLarge, TooComplex):
        return Verdict("undecided", reason="too large")
    suffixes = _suffixes(automaton)
    trials = _Trials(program)
    best: Verdict | None = None
    tried = 0
    try:
        for pump in pumps(automaton):
            if not (pump.exponential or polynomial):
                break
            tried += 1
            if tried > _CANDIDATES:
                break
            verdict = _verify(trials, pump, suffixes)
            if verdict is not None and (best is None or _gravity(verdict) > _gravity(best)):
                best = verdict
                if best.kind == "exponential":
                    break
    except GivenUp:
        if best is None:
            return Verdict("undecided", reason="too ambiguous to search")
    return best or Verdict("safe")


def _gravity(verdict: Verdict) -> tuple[bool, int]:
    return verdict.kind == "exponential", verdict.degree


def _suffixes(automaton: Automaton) -> list[str]:
    """Texts that may make a match fail at its end: characters few positions can read, nothing."""
    reads = {
        symbol: sum(1 for mask in automaton.masks if mask >> bit & 1)
        for bit, symbol in enumerate(automaton.symbols)
    }
    odd = [c for c in ("!", "\n", "\0", "\u2603", "~", "@", "0", "a", " ") if c not in reads]
    known = sorted(reads, key=lambda c: (reads[c], c))
    return list(dict.fromkeys([*odd[:3], *known[:4], "", "\n\n", "!\n"]))


class _Trials:
    """Trial matches of one expression within a common budget of steps."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._left = _ALL_TRIALS

    def cost(self, text: str) -> int:
        """Steps of a match that fails; else why there is no such number."""
        if self._left <= 0:
            return _TOO_MANY
        try:
            taken, matched = steps(self._program, text, _BUDGET)
        except OutOfSteps:
            self._left -= _BUDGET
            return _TOO_MANY
        self._left -= taken
        return _MATCHED if matched else taken


def _verify(trials: _Trials, pump: Pump, suffixes: list[str]) -> Verdict | None:
    """The verdict that counting steps supports, None when the attack does not work."""
    best: Verdict | None = None
    for suffix in suffixes:
        verdict = _measure(trials, pump, suffix)
        if verdict is not None and (best is None or _gravity(verdict) > _gravity(best)):
            best = verdict
            if verdict.kind == "exponential" or not pump.exponential:
                break
    return best


def _measure(trials: _Trials, pump: Pump, suffix: str) -> Verdict | None:
    """What the number of steps says as the pump is repeated; None when it stays harmless."""
    costs: list[int] = []
    for times in range(2, _REPEATS) if pump.exponential else ():
        cost = trials.cost(pump.prefix + pump.pump * times + suffix)
        if cost == _MATCHED:
            return None
        if cost == _TOO_MANY:
            break
        costs.append(cost)
        if _multiplies(costs):
            return Verdict("exponential", pump.prefix, pump.pump, suffix)
    return _polynomial(trials, pump, suffix)


def _multiplies(costs: list[int]) -> bool:
    """Whether each more repetition multiplies the cost; a polynomial's ratios fall towards 1."""
    ratios = [more / few for few, more in pairwise(costs)]
    if len(ratios) >= 2 and ratios[-2] > 3.2 and ratios[-1] > 0.93 * ratios[-2]:
        return True
    if len(ratios) >= 3 and min(ratios[-3:]) > 2.2 and ratios[-1] > 0.93 * ratios[-3]:
        return True
    return len(ratios) >= 5 and min(ratios[-5:]) > 1.5 and ratios[-1] > 0.93 * ratios[-3]


def _polynomial(trials: _Trials, pump: Pump, suffix: str) -> Verdict | None:
    """The degree, measured between two sizes of which the larger is twice the smaller."""
    for few in (24, 12):
        costs = [trials.cost(pump.prefix + pump.pump * n + suffix) for n in (few, 2 * few)]
        if _MATCHED in costs:
            return None
        if _TOO_MANY not in costs:
            degree = round(math.log2(costs[1] / costs[0]) + 0.15)
            if degree < 2:
                return None
            return Verdict("polynomial", pump.prefix, pump.pump, suffix, degree)
    return None
