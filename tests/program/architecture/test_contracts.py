from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.config import Config, Contract, IgnoredImport
from archlint.program.architecture import evaluate, stale_ignores
from archlint.program.architecture.proposal import propose
from tests.program.architecture.handmade import program

COMPONENTS = {name: (f"{name}/**",) for name in ("api", "domain", "db", "other")}


def broken(contract: Contract, *imports: str) -> list[list[str]]:
    made = program(*imports, config=Config(components=COMPONENTS, contracts=(contract,)))
    return [[v.chain[0].source, *(e.target for e in v.chain)] for v in evaluate(made, contract)]


def layers(*rows: str, **more: Any) -> Contract:
    return Contract(type="layers", layers=rows, **more)


def test_a_lower_layer_must_not_import_a_higher_one() -> None:
    contract = layers("api", "domain", "db")
    assert broken(contract, "api/a -> domain/d", "domain/d -> db/x", "api/a -> db/x") == []
    assert broken(contract, "db/x -> api/a", "domain/d -> api/a") == [
        ["db/x", "api/a"],
        ["domain/d", "api/a"],
    ]


def test_indirect_chains_go_round_the_contracts_own_modules() -> None:
    contract = layers("api", "domain", "db")
    chain = ("db/x -> other/o", "other/o -> other/p", "other/p -> api/a", "api/a -> domain/d")
    assert broken(contract, *chain) == [["db/x", "other/o", "other/p", "api/a"]]
    direct = layers("api", "domain", "db", indirect=False)
    assert broken(direct, *chain) == []


def test_siblings_are_independent() -> None:
    assert broken(layers("api", "domain | db"), "domain/d -> db/x") == [["domain/d", "db/x"]]


def test_externals_and_their_subpaths_are_forbidden() -> None:
    contract = Contract(type="forbidden", from_=("domain",), to=("npm:express",))
    assert broken(contract, "domain/d -> npm:express/lib/router") == [
        ["domain/d", "npm:express/lib/router"]
    ]
    assert broken(contract, "domain/d -> npm:express-session", "api/a -> npm:express") == []


def test_type_imports_count_only_when_asked() -> None:
    assert broken(layers("api", "db"), "db/x ~> api/a") == []
    assert broken(layers("api", "db", type_imports=True), "db/x ~> api/a") == [["db/x", "api/a"]]


def test_protected_and_allow() -> None:
    shield = Contract(type="protected", modules=("db",), from_=("domain",))
    assert broken(shield, "domain/d -> db/x", "db/x -> db/y", "api/a -> db/x") == [
        ["api/a", "db/x"]
    ]
    only = Contract(type="allow", from_=("api",), to=("domain",))
    assert broken(only, "api/a -> domain/d", "api/a -> api/b", "api/a -> npm:x") == []
    assert broken(only, "api/a -> db/x") == [["api/a", "db/x"]]
    strict = Contract(type="allow", from_=("api",), to=("domain", "npm:ms"))
    assert broken(strict, "api/a -> npm:ms", "api/a -> npm:x") == [["api/a", "npm:x"]]


def test_acyclic_between_groups_and_within_one() -> None:
    round_ = Contract(type="acyclic", modules=("api", "domain", "db"))
    assert broken(round_, "api/a -> domain/d", "domain/e -> api/b") == [
        ["api/a", "domain/d", "api/b"]
    ]
    within = Contract(type="acyclic", modules=("db",))
    assert broken(within, "db/x -> db/y", "db/y -> db/x") == [["db/x", "db/y", "db/x"]]


def test_ignored_imports_pass_and_stale_ones_are_told() -> None:
    used = IgnoredImport(from_="db/x", to="api/**")
    stale = IgnoredImport(from_="db/gone", to="api/**")
    contract = layers("api", "db", ignore=(used, stale))
    assert broken(contract, "db/x -> api/a") == []
    made = program("db/x -> api/a", config=Config(components=COMPONENTS))
    assert stale_ignores(made, contract) == (stale,)


names = st.sampled_from([f"{c}/{n}.js" for c in ("api", "domain", "db", "other") for n in "xy"])


@given(st.lists(st.tuples(names, names), max_size=20))
def test_what_is_proposed_holds_today(pairs: list[tuple[str, str]]) -> None:
    imports = [f"{a} -> {b}" for a, b in pairs if a != b]
    proposal = propose(program(*imports))
    contract = Contract(type="layers", layers=tuple(" | ".join(row) for row in proposal.layers))
    config = Config(components=proposal.components, contracts=(contract,))
    assert evaluate(program(*imports, config=config), contract) == ()


@pytest.mark.parametrize("kind", ["layers", "forbidden", "independence", "acyclic", "allow"])
def test_an_empty_contract_forbids_nothing(kind: str) -> None:
    assert broken(Contract(type=kind), "api/a -> db/x") == []  # type: ignore[arg-type]


def lapsing(today: str, until: str = "2027-06-30", **item: str) -> list[list[str]]:
    ignore = (IgnoredImport(from_=item.get("from", "db"), to="api/**", until=until),)
    config = Config(
        components=COMPONENTS, contracts=(layers("api", "db", ignore=ignore),), today=today
    )
    made = program("db/x -> api/a", config=config)
    return [[v.source, v.target] for v in evaluate(made, config.contracts[0])]


def test_an_ignored_import_passes_to_the_end_of_its_day() -> None:
    assert lapsing("2027-06-30") == lapsing("") == lapsing("2030-01-01", until="") == []
    assert lapsing("2027-07-01") == [["db", "api"]]


def test_ignores_name_components_or_globs() -> None:
    assert lapsing("", **{"from": "db/**"}) == lapsing("", **{"from": "db/x"}) == []
    assert lapsing("", **{"from": "domain"}) == [["db", "api"]]
