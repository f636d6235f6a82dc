"""The decision about regular expressions, against Python's own engine and Node's."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from archlint.regex import risk
from archlint.regex.matcher import OutOfSteps, search, steps
from archlint.regex.program import compile_tree
from archlint.regex.syntax import RegexError, parse
from archlint.regex.verdict import analyse

EXPONENTIAL = [
    r"^(a+)+$",
    r"(a|a)*b",
    r"^(a|aa)+$",
    r"(x+x+)+y",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"^([a-zA-Z0-9_\.\-])+\@(([a-zA-Z0-9\-])+\.)+([a-zA-Z0-9]{2,4})+$",
    r"^(\w+\s?)*$",
    r"^(?:a?)*b?(a*)*$",
    r"^([\da-z\.-]+)\.([a-z\.]{2,6})([\/\w \.-]*)*\/?$",
    r"(?:.*,)*,{9}$",
    r"^(?=x)(x|xx)*$",
]
POLYNOMIAL = {
    r"\s+$": 2,
    r"<[^>]+>": 2,
    r"^(.*)(.*)x$": 2,
    r"^a*a*a*$": 3,
    r"\/+$": 2,
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$": 2,
}
SAFE = [
    r"^\s+$",
    r"^[a-z]+$",
    r"^(?:[a-z0-9]+(?:-[a-z0-9]+)*)$",
    r"^\d{4}-\d{2}-\d{2}$",
    r"(a*)*",
    r"(?:\r\n|\n|\r)",
    r"^\$(0|[1-9]\d*)(\.\d+)?$",
    r"^(?!.*evil)[\w.]+$",
    r"^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$",
    r"^(a|b)*c",
    r"[\w-]",
    r"",
]


@pytest.mark.parametrize("source", EXPONENTIAL)
def test_exponential(source: str) -> None:
    assert analyse(source).kind == "exponential"


@pytest.mark.parametrize(("source", "degree"), POLYNOMIAL.items())
def test_polynomial_with_its_degree(source: str, degree: int) -> None:
    verdict = analyse(source)
    assert (verdict.kind, verdict.degree) == ("polynomial", degree)


@pytest.mark.parametrize("source", SAFE)
def test_safe(source: str) -> None:
    assert analyse(source).kind == "safe"


@pytest.mark.parametrize(
    ("source", "worst"),
    [
        ("^a+$", risk.NONE),
        (r"\s+", risk.NONE),
        (r"[*+)]\*(?:ab|c)?\{2,}", risk.NONE),
        (r"(\d{2,})", risk.NONE),
        ("a{9}b", risk.POLYNOMIAL),
        ("a{3,8}b{2}", risk.NONE),
        (r"\s+$", risk.POLYNOMIAL),
        ("^a+|b", risk.POLYNOMIAL),
        ("^(a+b){2}", risk.POLYNOMIAL),
        (r"(?=a+)b", risk.POLYNOMIAL),
        ("(?<x>ab)*", risk.EXPONENTIAL),
        ("(?:ab){2,}", risk.EXPONENTIAL),
    ],
)
def test_the_worst_case_by_quantifiers(source: str, worst: int) -> None:
    assert risk.worst_case(source) == worst


def test_flags_matter() -> None:
    assert analyse(r"^(a|A)+$").kind == "safe"
    assert analyse(r"^(a|A)+$", "i").kind == "exponential"
    assert analyse(r"\s+$", "y").kind == "safe"
    assert analyse(r"^\s+x", "").kind == "safe"
    assert analyse(r"^\s+x", "m").kind == "polynomial"


@pytest.mark.parametrize(
    "source", ["(", "a)", "[b", "*", "a{2,1}", "(?<n", "\\", "[z-a]", "(?i:a)"]
)
def test_what_is_not_understood_is_undecided(source: str) -> None:
    assert analyse(source).kind == "undecided"


def test_depth_and_size_are_bounded() -> None:
    assert analyse("(" * 5_000 + ")" * 5_000).kind == "undecided"
    assert analyse("(" * 500 + ")" * 500).kind == "undecided"
    assert analyse("((a{8}){8}){8}").kind == "undecided"


_atoms = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", "^", "$", r"\b", ""])


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    quantified = st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "*?"]))
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda p: f"(?:{p[0]}|{p[1]})"),
        quantified.map(lambda p: f"(?:{p[0]}){p[1]}"),
        inner.map(lambda p: f"({p})"),
        inner.map(lambda p: f"(?={p})"),
        inner.map(lambda p: f"(?!{p})"),
    )


sources = st.recursive(_atoms, _grow, max_leaves=8)


@settings(max_examples=300, deadline=None)
@given(sources, st.sampled_from(["", "m", "y", "g"]))
def test_no_analysis_finds_more_than_the_quantifiers_allow(source: str, flags: str) -> None:
    found = analyse(source, flags).kind
    assert {"exponential": 2, "polynomial": 1}.get(found, 0) <= risk.worst_case(source, flags)


@settings(max_examples=150, deadline=None)
@given(sources, st.text("ab ", max_size=7))
def test_the_referee_finds_what_python_finds(source: str, text: str) -> None:
    program = compile_tree(parse(source))
    try:
        found = search(program, text, 50_000)
    except OutOfSteps:
        assume(False)
    python = re.search(source.replace("$", r"\Z"), text)
    assert (found is None) is (python is None)
    if python is not None and found is not None and "*?" not in source:
        assert found[0] == python.start()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(sources.map(lambda source: f"^(?:{source})+$"))
def test_an_attack_costs_what_its_verdict_says(source: str) -> None:
    verdict = analyse(source)
    assume(verdict.kind in {"exponential", "polynomial"})
    program = compile_tree(parse(source))
    sizes = (4, 8) if verdict.kind == "exponential" else (20, 40)
    try:
        few, more = (steps(program, verdict.attack(n), 150_000) for n in sizes)
    except OutOfSteps:
        return
    assert not few[1]
    assert not more[1]
    assert more[0] > 2.2 * few[0]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text("gimsuyv", max_size=3))
@example("[0-", "")
def test_any_text_is_decided_or_refused(source: str, flags: str) -> None:
    assert analyse(source, flags).kind in {"safe", "undecided", "exponential", "polynomial"}


def test_parse_errors_are_ours() -> None:
    with pytest.raises(RegexError):
        parse("a" * 3_000)


_TIMER = """
const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const time = (re, text) => {
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const start = process.hrtime.bigint();
    re.test(text);
    best = Math.min(best, Number(process.hrtime.bigint() - start));
  }
  return best;
};
console.log(JSON.stringify(cases.map(([source, few, more]) => {
  const re = new RegExp(source);
  re.test('warm');
  return time(re, more) / time(re, few);
})));
"""


def _sizes(source: str) -> tuple[int, int]:
    """Numbers of pumps at which Node.js needs some microseconds, and clearly more."""
    verdict, program = analyse(source), compile_tree(parse(source))
    for times in range(2, 40):
        try:
            steps(program, verdict.attack(times), 100_000)
        except OutOfSteps:
            return max(1, times - 4), times + 1
    raise AssertionError(source)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_nodes_own_engine_suffers_from_the_attacks() -> None:
    cases = []
    for source in (*EXPONENTIAL, *POLYNOMIAL):
        verdict = analyse(source)
        few, more = (200, 800) if verdict.degree else _sizes(source)
        cases.append((source, verdict.attack(few), verdict.attack(more)))
    told = subprocess.run(
        ["node", "-e", _TIMER], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    ratios = dict(zip((c[0] for c in cases), json.loads(told.stdout), strict=True))
    assert {s: r for s, r in ratios.items() if r < 2.5} == {}


@pytest.mark.parametrize("item", ["a", "(?:ab)", "(?:a|ab)"])
@pytest.mark.parametrize("times", ["*", "+", "?", "{0,3}", "{2,}"])
@pytest.mark.parametrize("lazy", ["", "?"])
@pytest.mark.parametrize("rest", ["", "b"])
def test_greedy_takes_all_and_lazy_no_more_than_it_must(
    item: str, times: str, lazy: str, rest: str
) -> None:
    source, text = f"{item}{times}{lazy}{rest}", "aaababab"
    known = re.search(source, text)
    assert search(compile_tree(parse(source)), text) == (known.span() if known else None)
