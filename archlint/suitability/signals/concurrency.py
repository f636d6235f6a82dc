"""How much happens at once: parallel work, open connections, work moved off the event loop."""

from __future__ import annotations

from archlint.knowledge.suitability import load_model
from archlint.model.finding import EntryPoint
from archlint.model.location import line_of
from archlint.model.suitability import Evidence
from archlint.suitability.evidence import entry_evidence, site_evidence
from archlint.suitability.signals.observed import NO_ENTRIES, Observed, absent, ratio, unknown
from archlint.suitability.signals.workload import compute_sites
from archlint.suitability.survey import Survey

_GUIDE = {name: spec.guide for name, spec in load_model().signals.items()}
_LIVE = (
    "socket.io", "ws", "websocket", "sse", "sockjs", "uwebsockets", "graphql-ws", "gateway",
    "eventsource", "engine.io", "express-ws", "melody", "gobwas",
)  # fmt: skip


def parallel_compute(survey: Survey) -> Observed:
    """``concurrency.parallel-compute``: entry points that reach a fan-out of parallel work.

    In Node.js only a fan-out over heavy work counts: what waits is not parallel computation.
    """
    if not survey.n:
        return unknown(NO_ENTRIES)
    if survey.runtime == "go":
        sites = survey.sites("fan-out", "parallel")
    else:
        heavy = {site.function for site in compute_sites(survey)}
        sites = [s for s in survey.sites("join") if s.function in heavy]
    value, k, n = ratio(survey.union(sites), survey)
    return Observed(
        value,
        f"{k} of {n} entry points start parallel work",
        k=k,
        n=n,
        reliability="medium",
        evidence=site_evidence(
            survey,
            "concurrency.parallel-compute",
            "go",
            sites,
            _GUIDE["concurrency.parallel-compute"],
        ),
    )


def connections(survey: Survey) -> Observed:
    """``concurrency.connections``: entry points that serve connections which stay open.

    Code further down that only publishes to such connections does not count.
    """
    if not survey.n:
        return unknown(NO_ENTRIES)
    starts = {entry.function for _, entry in survey.entries}
    sites = [site for site in survey.sites("connection") if site.function in starts]
    mask = survey.union(sites)

    def is_live(_bit: int, entry: EntryPoint) -> bool:
        return _live(entry)

    for bit, entry in survey.entries:
        if _live(entry):
            mask |= 1 << bit
    value, k, n = ratio(mask, survey)
    name = "concurrency.connections"
    evidence = entry_evidence(survey, name, "node", "Handlers of open connections", is_live)
    return Observed(
        value,
        f"{k} of {n} entry points serve open connections",
        k=k,
        n=n,
        evidence=evidence or site_evidence(survey, name, "node", sites, _GUIDE[name]),
    )


def _live(entry: EntryPoint) -> bool:
    text = f"{entry.framework} {entry.label}".lower().replace("/", " ").split()
    return any(word.startswith(_LIVE) for word in text)


def isolated(survey: Survey) -> Observed:
    """``concurrency.isolated``: heavy work that already runs in threads or other processes."""
    if survey.runtime == "go":
        return absent()
    pool = [site for site in survey.sites("cpu") if site.where == "pool"]
    workers = survey.own_sites("offload")
    sites = [*pool, *workers]
    processes = _process_edges(survey)
    loop = survey.union(compute_sites(survey)).bit_count()
    away = survey.union(pool).bit_count() + len(workers) + len(processes)
    value = away / (away + loop) if away else 0.0
    # Little heavy work, well isolated, is still little: scale by how much of the service it is.
    if survey.n and away:
        value *= min(1.0, 2.0 * max(survey.union(sites).bit_count(), len(workers)) / survey.n)
    words = sorted({site.words for site in sites})
    name = "concurrency.isolated"
    return Observed(
        round(value, 4),
        f"in place: {', '.join(words)}" if words else "no heavy work has been moved elsewhere",
        reliability="medium",
        evidence=(*site_evidence(survey, name, "go", sites, _GUIDE[name]), *processes),
    )


def _process_edges(survey: Survey) -> tuple[Evidence, ...]:
    """Functions of the repo that run in a worker or another process: one piece for all."""
    found = []
    for linked in survey.program.linked:
        for edge in linked.edges:
            if edge.kind == "process" and edge.caller[0] in survey.path_set:
                line = line_of(survey.program.files[edge.caller[0]], edge.at)
                found.append((edge.caller[0], line, edge.callee[0]))
    if not found:
        return ()
    path, line, target = min(found)
    return (
        Evidence(
            signal="concurrency.isolated",
            text=f"Code that runs in a process or thread of its own: {target}",
            path=path,
            line=line,
            leans="go",
            reliability="medium",
            guide=_GUIDE["concurrency.isolated"],
        ),
    )
