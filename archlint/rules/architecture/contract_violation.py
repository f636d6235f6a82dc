"""An import breaks a contract of archlint.toml.

Why it matters: contracts are the architecture that the team agreed on; each silent exception makes
the next one easier, until the layers are only a drawing.
What to do: move the code, invert the dependency, or change the contract on purpose. `ignore` with a
reason lets one import pass, with `until` no longer than to the end of that day.
Guide: explicit structure makes services easier to maintain in larger organisations (L141).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.config import Contract, IgnoredImport
from archlint.model.finding import Confidence, Report, Severity
from archlint.model.location import Location
from archlint.program.architecture import Violation, evaluate, stale_ignores
from archlint.program.architecture.contracts import ignored_by, lapsed_ignores
from archlint.program.architecture.graph import edge_hop, edge_place
from archlint.program.program import Program
from archlint.rules.registry import rule


@rule(
    "contract-violation",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript", "go"),
    needs="modules",
)
def contract_violation(program: Program) -> Iterator[Report]:
    """One report a forbidden import, or the shortest chain of a module that reaches one."""
    for contract in program.config.contracts:
        lapsed = lapsed_ignores(program, contract)
        missed = []
        for violation in evaluate(program, contract):
            over = ignored_by(program, violation.chain, lapsed)
            missed.append(over)
            yield _report(program, violation, over)
        stale = stale_ignores(program, contract)
        for item in stale:
            yield _ignore_report(program, contract, item, "which does not exist")
        for item in lapsed:
            if item not in missed and item not in stale:
                yield _ignore_report(program, contract, item, f"which ended on {item.until}")


def _ignore_report(program: Program, contract: Contract, item: IgnoredImport, what: str) -> Report:
    """A report about an ignored import that is in vain."""
    return Report(
        location=_configured(program, item.from_),
        message=f"{_title(contract)} ignores {item.from_} -> {item.to}, {what}",
        severity=Severity.WARNING,
        key=f"stale:{contract.name}:{item.from_}:{item.to}",
    )


def _configured(program: Program, name: str) -> Location:
    """The line of the configuration that first names a module."""
    for source in program.config.sources:
        lines = program.workspace.documents.get(source, "").splitlines()
        for number, line in enumerate(lines, 1):
            if f'from = "{name}"' in line or ("ignore" in line and name in line):
                return Location(source, number, 1, number, len(line) + 1)
    return Location(next(iter(program.config.sources), "archlint.toml"))


def _title(contract: Contract) -> str:
    return f'contract "{contract.name}"' if contract.name else f"the {contract.type} contract"


def _report(program: Program, violation: Violation, lapsed: IgnoredImport | None) -> Report:
    contract, chain = violation.contract, violation.chain
    place = edge_place(program, chain[0])
    component = program.component(place.path)
    steps = [chain[0].path or chain[0].source, *(edge.target for edge in chain)]
    reason = f" ({contract.reason})" if contract.reason else ""
    title = _title(contract)
    over = f"; it was ignored until {lapsed.until}" if lapsed is not None else ""
    return Report(
        location=place,
        message=f"{_verdict(violation)}: {' -> '.join(steps)} breaks {title}{reason}{over}",
        key=f"{contract.name or contract.type}:{steps[0]}:{steps[-1]}",
        severity=Severity(contract.severity),
        trace=tuple(edge_hop(program, edge) for edge in chain),
        component=component.name if component else "",
        evidence={"contract": contract.name or contract.type, "length": len(chain)},
    )


def _verdict(violation: Violation) -> str:
    kind, source, target = violation.contract.type, violation.source, violation.target
    through = " through others" if len(violation.chain) > 1 else ""
    if kind == "acyclic":
        return "components import each other in a circle"
    if kind == "protected":
        return f"only {', '.join(violation.contract.from_) or 'nobody'} may import {target}"
    if kind == "allow":
        return f"{source} may import only {', '.join(violation.contract.to) or 'itself'}"
    return f"{source} must not import {target}{through}"
