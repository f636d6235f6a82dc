"""A map that lives as long as the process grows on a request path and never shrinks.

Why it matters: Every new key stays for ever; with keys that clients choose, memory grows until the
process is killed.
What to do: Use an LRU or a cache with a time to live, or delete what is no longer needed.
Guide: Stable memory under sustained load is what Go services are chosen for (L43, L101).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.pattern import lazy_regex
from archlint.program.golang_flow.stores import stores
from archlint.program.program import Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_SCALE = {
    **dict.fromkeys(Context, None),
    Context.REQUEST: Severity.WARNING,
    Context.BACKGROUND: Severity.NOTE,
}


_CACHE = lazy_regex(r"cache|limiter|visitor|session|seen|recent|attempt|hits|^last", re.IGNORECASE)
"""Names of maps that are kept for what comes from outside, however much that is."""
_CHOSEN = lazy_regex(
    r"(?:^|[a-z_])(?:ip|addr|address|user|client|conn|token|email|message|url|uri|path|host|domain"
    r"|hash|id|session)$",
    re.IGNORECASE,
)
"""Names of keys that clients choose; what other keys mean (a name, a kind) mostly bounds them."""


@rule(
    "unbounded-cache-go",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    languages=("go",),
)
def unbounded_cache_go(program: Program) -> Iterator[Report]:
    """Maps of packages and of long-lived structs that requests fill and nothing empties."""
    for (owner, name, _), store in sorted(stores(program).items()):
        for growth in sorted(store.growth):
            ident = growth.function
            way = entry_phrase(program, ident)
            message = f"{name} grows with every new key and never shrinks ({way})"
            site = Site(function=ident, at=growth.at, end=growth.end, label=f"{name}[...] =")
            sure = store.lasting and (_CACHE.search(name) or any(map(_CHOSEN.search, growth.key)))
            extra = Extra(scale=_SCALE, cap=None if sure else Severity.NOTE)
            report = site_report(program, site, message, f"{owner}.{name}", extra)
            if report is not None:
                yield report
                break
