"""A report made by hand, with every part that the renderers show."""

from __future__ import annotations

from archlint.knowledge.suitability import load_guide, load_model
from archlint.model.finding import (
    ComponentInfo,
    Confidence,
    Context,
    Coverage,
    EntryPoint,
    Hop,
    RuleInfo,
    Severity,
    Skip,
)
from archlint.model.suitability import (
    Candidate,
    Dimension,
    Evidence,
    Frame,
    MapEdge,
    MapNode,
    ModuleMap,
    Origin,
    Practice,
    Row,
    Signal,
    SuitabilityReport,
    Tool,
    Unit,
)
from archlint.suitability.checklist import Filler, fill_checklist, fill_scenarios
from archlint.suitability.context import questions
from archlint.suitability.lean import Reading, lean_of
from archlint.suitability.parameters import parameters
from archlint.suitability.sensitivity import Setting, examine
from archlint.suitability.verdict import Case
from archlint.suitability.wordings import verdict_of

MODEL = load_model()
HOSTILE = "</script><img src=x onerror=alert(1)> \u202e reversed \x07 & 'quoted' \"twice\""
TRACE = (
    Hop("src/routes/export.ts", 12, "GET /projects/:id/export"),
    Hop("src/routes/export.ts", 18, "ExportService.build"),
    Hop("src/export/service.ts", 41, "renderPages"),
    Hop("src/export/pdf.ts", 77, "pdf-lib.PDFDocument.create"),
)
FRAME = Frame(
    start=75,
    mark=77,
    lines=(
        "export async function renderPages(pages: Page[]): Promise<Buffer> {",
        "  // one document for all pages",
        '  const doc = await PDFDocument.create("A4", 300);',
        "  for (const page of pages) drawPage(doc, page);",
        "  return Buffer.from(await doc.save());",
    ),
)


def evidence(signal: str, text: str, leans: str, n: int) -> Evidence:
    return Evidence(
        signal=signal,
        text=text,
        path="src/export/pdf.ts",
        line=77,
        leans=leans,
        trace=TRACE,
        guide=(63, 91),
        entry_points=n,
        frame=FRAME,
    )


def signals() -> tuple[Signal, ...]:
    values = {"workload.cpu": (3, 40), "workload.io": (31, 40), "latency.short": (36, 40)}
    found = []
    for name, spec in MODEL.signals.items():
        k, n = values.get(name, (None, None))
        value = k / n if k is not None and n else (None if "artefact" in name else 0.0)
        leans = "node" if spec.direction == "node" else "go"
        found.append(
            Signal(
                id=name,
                dimension=spec.dimension,
                direction=spec.direction,
                weight=spec.weight,
                reliability=MODEL.reliability[spec.reliability],
                value=value,
                k=k,
                n=n,
                says=f"{k} of {n} entry points" if n else "",
                why_unknown="no Dockerfile" if value is None else "",
                guide=spec.guide,
                evidence=(evidence(name, f"{spec.title}: PDF work", leans, 3),) if n else (),
            )
        )
    return tuple(found)


def unit(name: str = "api", runtime: str = "node", root: str = "services/api") -> Unit:
    found = signals()
    readings = tuple(
        Reading(s.id, s.dimension, s.direction, s.weight, s.reliability, s.value) for s in found
    )
    weights = {k: d.weight for k, d in MODEL.dimensions.items() if d.weight}
    lean = lean_of(readings, weights, MODEL.thresholds.band)
    candidate = Candidate(
        name="src/export",
        modules=("src/export/pdf.ts", "src/export/service.ts"),
        functions=("renderPages", "drawPage"),
        lines=420,
        exports_used=2,
        cohesion=0.81,
        json_able=1.0,
        shared_state=0.1,
        separability=0.78,
        demand_share=1.0,
        entry_points=3,
        priority=0.21,
        effort="M",
        evidence=(evidence("workload.cpu", "PDF work", "go", 3),),
    )
    case = Case(
        runtime=runtime,
        kind="service",
        lean=lean.value,
        coverage=lean.coverage,
        resolved=0.91,
        cpu_share=3 / 40,
        candidate="src/export",
        priority=0.21,
        candidates_cover=1.0,
        request_defects=4,
        strong_sites=4,
        strong_files=3,
    )
    sensitivity = examine(Setting(readings, case, {}), MODEL, ())
    practice = Practice(
        id="errors.handled",
        dimension="errors",
        says="promise-valued calls whose rejection is handled",
        k=412,
        n=430,
        smoothed=0.957,
        defects=18,
        on_request_path=4,
        guide=(46,),
    )
    filler = Filler({s.id: s for s in found}, {}, {})
    entries = tuple(
        EntryPoint(
            kind=Context.REQUEST,
            label=f"GET /items/{i}",
            path="src/routes/items.ts",
            line=i + 1,
            framework="express",
            component=name,
        )
        for i in range(40)
    )
    return Unit(
        component=ComponentInfo(
            name=name,
            root=root,
            runtime=runtime,
            kind="service",
            frameworks=("express",),
            entry_points=entries,
            files=120,
            lines=18000,
        ),
        coverage=Coverage(files=120, parsed=119, calls=900, calls_resolved=800),
        verdict=verdict_of(case, sensitivity, MODEL),
        lean=lean,
        dimensions=tuple(
            Dimension(
                id=key,
                title=spec.title,
                weight=spec.weight,
                lean=-0.4 if spec.weight else None,
                coverage=1.0 if spec.weight and key != "artefact" else 0.0,
                signals=tuple(s for s in found if s.dimension == key),
                practice=(practice,) if key == "errors" else (),
            )
            for key, spec in MODEL.dimensions.items()
        ),
        staying=(
            evidence(
                "workload.io", "31 of 40 entry points mostly wait: database, HTTP", "node", 31
            ),
        ),
        moving=(
            evidence("workload.cpu", "3 of 40 entry points reach PDF work", "go", 3),
            evidence("latency.blocking", HOSTILE, "go", 1),
        ),
        candidates=(candidate,),
        sensitivity=sensitivity,
        checklist=fill_checklist(load_guide(), filler),
        scenarios=fill_scenarios(load_guide(), filler, {}),
    )


def row(index: int) -> Row:
    return Row(
        rule="blocking-call" if index % 3 else "floating-promise",
        severity=("error", "warning", "note")[index % 3],
        confidence="high",
        message=f"fs.readFileSync blocks the event loop (case {index})" if index else HOSTILE,
        path=f"src/module{index % 97}/file{index}.ts",
        line=10 + index % 400,
        column=3,
        end_line=10 + index % 400,
        end_column=20,
        component="api",
        context="request" if index % 2 else "background",
        trace=TRACE,
        related=(),
        fingerprint=f"{index:016x}",
        suppressed=False,
        entry_points=index % 7,
        frame=FRAME,
    )


def report(findings: int = 60, name: str = "sample-app") -> SuitabilityReport:
    main, gateway = unit(), unit("gateway", "go", "services/gateway")
    rules = tuple(
        RuleInfo(
            id=rule,
            category="eventloop",
            summary="A synchronous call on the path of a request.",
            why="Everyone waits.",
            remedy="Use the asynchronous form.",
            guide="L62",
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            languages=("javascript",),
        )
        for rule in ("blocking-call", "floating-promise")
    )
    return SuitabilityReport(
        schema_version=1,
        tool=Tool(name="archlint", version="0.1.0"),
        origin=Origin(
            name=name,
            remote="https://example.com/team/app",
            revision="0123456789abcdef",
            blob="https://example.com/team/app/blob/0123456789abcdef",
        ),
        model=parameters(MODEL, {}),
        coverage=Coverage(
            files=240,
            parsed=238,
            lines=36000,
            imports=900,
            imports_resolved=850,
            dynamic_imports=3,
            calls=9000,
            calls_resolved=7100,
            calls_external=3000,
        ),
        components=(main.component, gateway.component),
        units=(main, gateway),
        findings=tuple(row(i) for i in range(findings)),
        skipped=(Skip("dist/app.min.js", "minified"),),
        questions=questions(MODEL, {}, {}),
        module_map=ModuleMap(
            nodes=(
                MapNode(id="src/routes", component="api", files=9, lines=900, rank=0, heat=30),
                MapNode(
                    id="src/export", component="api", files=4, lines=420, rank=1, heat=3, cpu=4
                ),
                MapNode(id="src/db", component="api", files=7, lines=700, rank=2, in_cycle=True),
            ),
            edges=(
                MapEdge(source="src/routes", target="src/export", count=6),
                MapEdge(source="src/export", target="src/db", count=2),
                MapEdge(source="src/db", target="src/export", count=1, cycle=True),
            ),
        ),
        rules=rules,
    )
