"""Where nodes stand on the page: columns by dependency depth, rows by their neighbours."""

from __future__ import annotations

from collections import deque

from archlint.program.architecture.view import GraphView

COLUMN, ROW, TALL = 280, 34, 60
"""Pixels between columns and rows, and rows before a column is continued in the next."""


def positions(view: GraphView) -> dict[str, tuple[int, int]]:
    """Pixel position of every node: importers to the left of what they import."""
    ranks = _ranks(view)
    columns: dict[int, list[str]] = {}
    for node in view.nodes:
        columns.setdefault(ranks[node.id], []).append(node.id)
    neighbours: dict[str, list[str]] = {node.id: [] for node in view.nodes}
    for edge in view.edges:
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    order = {name: i for names in columns.values() for i, name in enumerate(names)}
    for _ in range(4):
        for rank in sorted(columns):
            names = columns[rank]
            weights = {name: _centre(neighbours[name], order, order[name]) for name in names}
            names.sort(key=lambda name: (weights[name], name))
            order.update({name: i for i, name in enumerate(names)})
    return _place(columns)


def _centre(names: list[str], order: dict[str, int], own: int) -> float:
    return sum(order[name] for name in names) / len(names) if names else float(own)


def _place(columns: dict[int, list[str]]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    x = 0
    for rank in sorted(columns):
        names = columns[rank]
        for start in range(0, len(names), TALL):
            part = names[start : start + TALL]
            top = -(len(part) * ROW) // 2
            found.update({name: (x, top + i * ROW) for i, name in enumerate(part)})
            x += COLUMN
    return found


def _ranks(view: GraphView) -> dict[str, int]:
    """Longest distance from a node that nobody imports; a circle's nodes share one rank."""
    unit = {node.id: f"c{node.cycle}" if node.cycle else f"n{node.id}" for node in view.nodes}
    below: dict[str, set[str]] = {name: set() for name in unit.values()}
    for edge in view.edges:
        one, two = unit[edge.source], unit[edge.target]
        if one != two:
            below[one].add(two)
    waiting = dict.fromkeys(below, 0)
    for targets in below.values():
        for target in targets:
            waiting[target] += 1
    rank = dict.fromkeys(below, 0)
    queue = deque(name for name, count in waiting.items() if count == 0)
    while queue:
        name = queue.popleft()
        for target in below[name]:
            rank[target] = max(rank[target], rank[name] + 1)
            waiting[target] -= 1
            if waiting[target] == 0:
                queue.append(target)
    return {ident: rank[name] for ident, name in unit.items()}
