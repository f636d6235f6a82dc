"""A map that lives as long as the process grows on a request path and never shrinks.

Why it matters: Every new key stays for ever; with keys that clients choose, memory grows until the
process is killed.
What to do: Use an LRU or a cache with a time to live, or delete what is no longer needed.
Guide: Stable memory under sustained load is what Go services are chosen for (L43, L101).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.program.golang_flow.stores import stores
from archlint.program.program import Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_SCALE = {
    **dict.fromkeys(Context, None),
    Context.REQUEST: Severity.WARNING,
    Context.BACKGROUND: Severity.NOTE,
}


@rule(
    "unbounded-cache-go",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    languages=("go",),
)
def unbounded_cache_go(program: Program) -> Iterator[Report]:
    """Maps of packages and of long-lived structs that requests fill and nothing empties."""
    for (owner, name, _), store in sorted(stores(program).items()):
        for ident, at, end in sorted(store.growth):
            way = entry_phrase(program, ident)
            message = f"{name} grows with every new key and never shrinks ({way})"
            site = Site(function=ident, at=at, end=end, label=f"{name}[...] =")
            report = site_report(program, site, message, f"{owner}.{name}", Extra(scale=_SCALE))
            if report is not None:
                yield report
                break
