"""The model's data is complete, consistent and within the guide."""

from __future__ import annotations

from typing import get_args

from archlint.knowledge.suitability import load_effects, load_guide, load_model
from archlint.model.suitability import VerdictKind
from archlint.rules.registry import all_rules
from archlint.suitability.practice import _COUNTS
from archlint.suitability.signals import LOOKS
from archlint.suitability.signals.memory import GROWTH_RULES
from archlint.suitability.sites import Catalogue, handles_rows

LAST_LINE = 165


def test_every_signal_and_ratio_has_its_function():
    model = load_model()
    assert set(LOOKS) == set(model.signals)
    assert set(_COUNTS) == set(model.practice)


def test_every_verdict_has_its_title():
    assert set(load_model().verdicts) == set(get_args(VerdictKind))


def test_no_rule_is_both_practice_and_signal():
    practice = {
        rule
        for spec in load_model().practice.values()
        for runtime in ("node", "go")
        for rule in spec.rules(runtime)
    }
    assert not practice & {*GROWTH_RULES, "cpu-bound-handler"}


def test_practice_names_rules_that_exist():
    known = {rule.info.id for rule in all_rules()}
    named = {
        rule
        for spec in load_model().practice.values()
        for runtime in ("node", "go")
        for rule in spec.rules(runtime)
    }
    assert not named - known


def test_questions_have_a_label_and_a_lean_for_each_value():
    for name, spec in load_model().questions.items():
        assert len(spec.values) == len(spec.labels) == len(spec.leans), name
        assert all(-1 <= lean <= 1 for lean in spec.leans)


def test_the_scenarios_weigh_the_dimensions_that_count():
    model = load_model()
    weighed = {name for name, spec in model.dimensions.items() if spec.weight}
    assert set(model.scenarios) == set(model.questions["scenario"].values)
    for factors in model.scenarios.values():
        assert set(factors) == weighed


def test_statements_cite_the_guide_and_what_can_fill_them():
    model, guide = load_model(), load_guide()
    known = {*model.signals, "team.shared-types", "growth.cadence"}
    items = [*guide.checklist, *(i for s in guide.scenarios for i in s.items)]
    for item in items:
        assert 1 <= item.line <= LAST_LINE
        assert set(item.evidence) <= known, item.id
        assert item.evidence or item.question, item.id
        if item.question:
            assert set(item.when) <= set(model.questions[item.question].values)
    assert {item.section for item in guide.checklist} == {"Workload", "Team", "Cost", "Growth"}
    assert len(guide.scenarios) == 5


def test_resource_use_per_request_is_contested_and_never_scored():
    contested = {79, 138}
    scored = {line for spec in load_model().signals.values() for line in spec.guide}
    assert 79 not in scored
    assert any(contested <= set(limit.lines) for limit in load_guide().limits)


def test_no_name_has_two_effects():
    effects = load_effects()
    for table in (effects.node, effects.go):
        names = [name for effect in table for name in effect.names]
        assert sorted(set(names)) == sorted(names)


def test_values_and_conditions_of_a_database_client_are_no_work() -> None:
    catalogue = Catalogue(load_effects().node)
    kinds = {
        name: effect.kind if (effect := catalogue.effect(name)) else ""
        for name in ("npm:mongodb.ObjectId", "npm:sequelize.where", "npm:mongodb.MongoClient().db")
    }
    assert kinds == {
        "npm:mongodb.ObjectId": "other",
        "npm:sequelize.where": "other",
        "npm:mongodb.MongoClient().db": "db",
    }


def test_what_is_done_with_rows_is_not_the_database_s() -> None:
    assert handles_rows("npm:pg.Pool().query()~.rows.map")
    assert not handles_rows("npm:mongodb.MongoClient.connect()~.db().collection().find")
    assert handles_rows("npm:bullmq.Job().data.subject.replace")
    assert not handles_rows("npm:knex().map")
