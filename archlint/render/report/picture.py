"""Plots of the report as inline SVG, each with its text equivalent."""

from __future__ import annotations

from markupsafe import Markup, escape

from archlint.model.suitability import Lean, MapEdge, MapNode, ModuleMap, Outcome, Sensitivity
from archlint.render.escape import printable as plain
from archlint.render.report.wording import lean_number, lean_words, outcome_words

_WIDE, _TALL = 320.0, 26.0
_PAD = 8.0


def _x(value: float) -> float:
    return round(_PAD + (value + 1.0) / 2.0 * (_WIDE - 2 * _PAD), 1)


def lean_bar(lean: Lean, band: float, runs: Sensitivity | None = None) -> Markup:
    """A lean between -1 and +1 as a dot on its interval; the shaded middle is "either".

    The thin line is where nine of ten seeded runs lie.
    """
    whisker = Markup("")
    if runs is not None:
        whisker = Markup('<line class="runs" x1="{}" y1="13" x2="{}" y2="13"/>').format(
            _x(runs.lean_p05), _x(runs.lean_p95)
        )
    mid = _TALL / 2
    low, high, dot = _x(lean.low), _x(lean.high), _x(lean.value)
    return Markup(
        '<svg class="lean" viewBox="0 0 320 26" role="img" aria-label="{label}">'
        '<rect class="track" x="{x0}" y="{y}" width="{w}" height="4" rx="2"/>'
        '<rect class="either" x="{b0}" y="3" width="{bw}" height="20" rx="3"/>'
        '<line class="zero" x1="160" y1="3" x2="160" y2="23"/>'
        '<rect class="interval" x="{low}" y="{iy}" width="{iw}" height="8" rx="4"/>{runs}'
        '<circle class="dot {tone}" cx="{dot}" cy="{mid}" r="6.5"/></svg>'
    ).format(
        runs=whisker,
        label=lean_words(lean),
        x0=_x(-1),
        y=mid - 2,
        w=_x(1) - _x(-1),
        b0=_x(-band),
        bw=round(_x(band) - _x(-band), 1),
        low=low,
        iy=mid - 4,
        iw=max(round(high - low, 1), 1.0),
        tone=lean.band,
        dot=dot,
        mid=mid,
    )


def small_bar(value: float | None) -> Markup:
    """A dimension's lean as a bar from the middle; dotted when nothing is known."""
    label = f"lean {lean_number(value)}" if value is not None else "lean unknown"
    if value is None:
        bar = Markup('<line class="unknown" x1="8" y1="9" x2="152" y2="9"/>')
    else:
        length = round(abs(value) * 72, 1)
        start = 80.0 if value >= 0 else 80.0 - length
        tone = "go" if value > 0 else "node"
        bar = Markup('<rect class="bar {}" x="{}" y="5" width="{}" height="8" rx="2"/>').format(
            tone, start, max(length, 1.0)
        )
    return Markup(
        '<svg class="small" viewBox="0 0 160 18" role="img" aria-label="{}">'
        '<rect class="track" x="8" y="8" width="144" height="2"/>{}'
        '<line class="zero" x1="80" y1="2" x2="80" y2="16"/></svg>'
    ).format(label, bar)


def outcome_bar(outcomes: tuple[Outcome, ...]) -> Markup:
    """The verdicts of the seeded runs as shares of one bar."""
    words = ", ".join(f"{outcome_words(o)} {o.share:.0%}" for o in outcomes)
    parts: list[Markup] = []
    at = 0.0
    for index, outcome in enumerate(outcomes):
        width = round(outcome.share * 320, 1)
        parts.append(
            Markup('<rect class="o{}" x="{}" y="0" width="{}" height="12"/>').format(
                min(index, 4), round(at, 1), width
            )
        )
        at += width
    return Markup(
        '<svg class="outcomes" viewBox="0 0 320 12" role="img" aria-label="{}">{}</svg>'
    ).format(f"of the seeded runs: {words}", Markup("").join(parts))


_NODE_W, _NODE_H, _GAP_X, _GAP_Y = 168, 34, 56, 12


def module_map(modules: ModuleMap) -> Markup:
    """The modules in layers from left (nothing imports them) to right, imports as curves."""
    places, width, height = _layout(modules.nodes)
    if not places:
        return Markup("")
    curves = Markup("").join(
        _curve(edge, places) for edge in modules.edges if {edge.source, edge.target} <= set(places)
    )
    boxes = Markup("").join(_box(node, *places[node.id]) for node in modules.nodes)
    label = f"{len(modules.nodes)} modules and {len(modules.edges)} imports between them"
    return Markup(
        '<svg class="map" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-label="{label}; the table below lists them">{curves}{boxes}</svg>'
    ).format(w=width, h=height, label=label, curves=curves, boxes=boxes)


def _layout(nodes: tuple[MapNode, ...]) -> tuple[dict[str, tuple[int, int]], int, int]:
    """Left upper corner of each node; columns are ranks, wrapped when they grow too tall."""
    columns: dict[int, list[MapNode]] = {}
    for node in nodes:
        columns.setdefault(node.rank, []).append(node)
    places: dict[str, tuple[int, int]] = {}
    x, tallest = 4, 0
    for rank in sorted(columns):
        column = sorted(columns[rank], key=lambda n: (n.component, n.id))
        for start in range(0, len(column), 12):
            part = column[start : start + 12]
            for row, node in enumerate(part):
                places[node.id] = (x, 4 + row * (_NODE_H + _GAP_Y))
            tallest = max(tallest, len(part))
            x += _NODE_W + (_GAP_X if start + 12 >= len(column) else 14)
    return places, max(x - _GAP_X + 4, 1), 8 + tallest * (_NODE_H + _GAP_Y)


def _curve(edge: MapEdge, places: dict[str, tuple[int, int]]) -> Markup:
    (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
    y1, y2 = y1 + _NODE_H // 2, y2 + _NODE_H // 2
    if x2 > x1:
        x1 += _NODE_W
        bend = max((x2 - x1) // 2, 20)
        path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    else:
        x1, x2 = x1 + _NODE_W, x2 + _NODE_W
        out = max(x1, x2) + 26
        path = f"M{x1} {y1}C{out} {y1} {out} {y2} {x2} {y2}"
    weight = 1 if edge.count < 5 else 2 if edge.count < 25 else 3
    return Markup('<path class="w{}{}" d="{}"/>').format(
        weight, " cycle" if edge.cycle else "", path
    )


def _box(node: MapNode, x: int, y: int) -> Markup:
    name = plain(node.id) or "."
    shown = name if len(name) <= 25 else "…" + name[-24:]
    heat = 0 if not node.heat else 1 if node.heat < 5 else 2 if node.heat < 25 else 3
    marks = f" · {node.cpu} CPU" if node.cpu else ""
    return Markup(
        '<g class="heat{heat}{cycle}"><title>{title}</title>'
        '<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="5"/>'
        '<text x="{tx}" y="{ty}">{shown}</text>'
        '<text class="sub" x="{tx}" y="{sy}">{files} files · {heat_n} findings{marks}</text></g>'
    ).format(
        heat=heat,
        cycle=" cycle" if node.in_cycle else "",
        title=escape(
            f"{name}: {node.files} files, {node.lines} lines, {node.heat} findings{marks}"
        ),
        x=x,
        y=y,
        w=_NODE_W,
        h=_NODE_H,
        tx=x + 8,
        ty=y + 14,
        sy=y + 27,
        shown=shown,
        files=node.files,
        heat_n=node.heat,
        marks=marks,
    )
