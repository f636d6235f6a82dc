"""The evidence for a signal: the place that shows it best, and the way there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from msgspec.structs import replace

from archlint.model.finding import EntryPoint, Hop
from archlint.model.location import line_of
from archlint.model.suitability import Evidence
from archlint.program.program import FunctionId
from archlint.program.reach import APART
from archlint.suitability.sites import Site, prepares
from archlint.suitability.survey import Survey

_RANK = {"high": 0, "medium": 1, "low": 2}


def site_evidence(
    survey: Survey, signal: str, leans: str, sites: list[Site], guide: tuple[int, ...]
) -> tuple[Evidence, ...]:
    """One piece of evidence per kind of work, where it is done for most entry points."""
    groups: dict[str, list[Site]] = {}
    for site in sites:
        groups.setdefault(site.words, []).append(site)
    found = [_piece(survey, signal, leans, words, group) for words, group in groups.items()]
    found = [replace(item, guide=guide) for item in found]
    return tuple(sorted(found, key=lambda e: (_RANK[e.reliability], -e.entry_points, e.text)))


def _piece(survey: Survey, signal: str, leans: str, words: str, group: list[Site]) -> Evidence:
    count = survey.union(group).bit_count()
    best = min(
        group,
        key=lambda s: (
            _RANK[s.reliability],
            prepares(s),
            -survey.reached_by(s.function).bit_count(),
            s.function,
            s.at,
        ),
    )
    facts = survey.program.files[best.function[0]]
    line = line_of(facts, best.at)
    hop = Hop(best.function[0], line, best.label)
    places = len({(s.function[0], s.at) for s in group})
    more = f" ({places} places)" if places > 1 else ""
    reach = f", reached by {count} of {survey.n} entry points" if count else ""
    text = f"{words}: {best.label}{more}{reach}"
    return Evidence(
        signal=signal,
        text=text[:1].upper() + text[1:],
        path=best.function[0],
        line=line,
        leans=leans,
        reliability=best.reliability,
        trace=trace(survey, best.function, hop),
        entry_points=count,
    )


def trace(survey: Survey, function: FunctionId, last: Hop) -> tuple[Hop, ...]:
    """The shortest call path from an entry point of this component, then ``last``."""
    found = _path(survey, function)
    return (*found, last) if found else ()


def _path(survey: Survey, function: FunctionId) -> tuple[Hop, ...]:
    starts = {entry.function: entry for _, entry in reversed(survey.entries)}
    graph = survey.program.call_graph
    came: dict[FunctionId, FunctionId | None] = {function: None}
    queue = deque([function])
    while queue:
        here = queue.popleft()
        if here in starts:
            return _hops(survey, starts[here], here, came)
        for caller in graph.predecessors(here) if here in graph else ():
            edge = graph.edges[caller, here]["edge"]
            if caller not in came and edge.kind not in APART and survey.reached_by(caller):
                came[caller] = here
                queue.append(caller)
    return ()


def _hops(
    survey: Survey,
    entry: EntryPoint,
    start: FunctionId,
    came: dict[FunctionId, FunctionId | None],
) -> tuple[Hop, ...]:
    hops = [Hop(entry.path, entry.line, entry.label)]
    here, below = start, came[start]
    while below is not None:
        edge = survey.program.call_graph.edges[here, below]["edge"]
        facts = survey.program.files[here[0]]
        callee = survey.program.function(below)
        label = callee.name or f"anonymous {callee.kind}"
        hops.append(Hop(here[0], line_of(facts, edge.at), label))
        here, below = below, came[below]
    return tuple(hops)


def entry_evidence(
    survey: Survey, signal: str, leans: str, text: str, wanted: Callable[[int, EntryPoint], bool]
) -> tuple[Evidence, ...]:
    """One piece of evidence about entry points themselves, shown at the first of them."""
    chosen = [entry for bit, entry in survey.entries if wanted(bit, entry)]
    if not chosen:
        return ()
    first = min(chosen, key=lambda e: (e.path, e.line, e.label))
    return (
        Evidence(
            signal=signal,
            text=f"{text}, such as {first.label}",
            path=first.path,
            line=first.line,
            leans=leans,
            entry_points=len(chosen),
        ),
    )
