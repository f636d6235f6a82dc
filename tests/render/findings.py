"""A result with all that renderers must cope with: hostile text, traces, notes, fixed findings."""

from __future__ import annotations

from archlint.discovery.source import Listing, Unreadable
from archlint.model.finding import (
    ComponentInfo,
    Confidence,
    Context,
    Coverage,
    EntryPoint,
    Finding,
    Hop,
    Related,
    Result,
    RuleInfo,
    Severity,
    Skip,
    VerdictChange,
)
from archlint.model.location import Location
from archlint.render import Sources

EVIL = "a\x1b[31mred\u202e\n##[error]x ::warning:: <script>alert(1)</script> `|`` @team #1 \ud800%"
FILES = {
    "src/app.js": "const a = 1;\n\tconst ü = read(a); // é\nlast();\n",
    "src/<b>.js": "x\n",
}
RULE = RuleInfo(
    id="blocking-call",
    category="eventloop",
    summary="A call that blocks.",
    why="Everybody waits.",
    remedy="Use the asynchronous form.",
    guide="",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    languages=("javascript",),
)


def finding(
    message: str = "read blocks",
    severity: Severity = Severity.ERROR,
    line: int = 2,
    **extra: object,
) -> Finding:
    """A finding in src/app.js; ``extra`` are further fields."""
    fields: dict[str, object] = {
        "location": Location("src/app.js", line, 12, line, 19),
        "fingerprint": f"{line:024x}",
        "component": "api",
        "context": Context.REQUEST,
        **extra,
    }
    return Finding(
        rule="blocking-call",
        severity=severity,
        confidence=Confidence.HIGH,
        message=message,
        **fields,  # type: ignore[arg-type]
    )


TRACE = (Hop("src/app.js", 1, "GET /users"), Hop("src/app.js", 2, "read"))


def result() -> Result:
    """One of everything."""
    there = Location("src/<b>.js", 1, 1, 1, 2)
    return Result(
        findings=(
            finding(trace=TRACE, advice="await it", related=(Related(there, "see here"),)),
            finding(EVIL, Severity.WARNING, 1, location=there, advice=EVIL, component="<b>"),
            finding("quiet one", Severity.NOTE, 3),
            finding("silenced", line=3, suppressed=True, suppression="known"),
            finding("accepted", line=3, baselined=True),
        ),
        fixed=(finding("was there"),),
        components=(
            ComponentInfo(
                name="api",
                root="src",
                runtime="node",
                kind="service",
                entry_points=(
                    EntryPoint(kind=Context.REQUEST, label="GET /", path="src/app.js", line=1),
                ),
            ),
        ),
        skipped=(Skip("big.js", "larger than 1 MB"),),
        coverage=Coverage(files=2, parsed=2, lines=4),
        rules=(RULE,),
        version="1.2.3",
        since="origin/main",
        hidden=7,
        verdicts=(VerdictChange("api", "fits", "isolate", "isolate `pdf` in a worker"),),
    )


class Files:
    """The fixture's files as a source."""

    root = "/nowhere"

    def listing(self) -> Listing:
        """Nothing: renderers only read."""
        return Listing()

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a file."""
        del limit
        if path not in FILES:
            raise Unreadable("gone")
        return FILES[path].encode()


def sources() -> Sources:
    """The lines of the fixture's files."""
    return Sources(Files())
