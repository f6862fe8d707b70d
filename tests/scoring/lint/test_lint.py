"""Lint: each check finds what it is for and stays silent otherwise; the printed regulations' own discrepancies are found."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.scoring.scheme.small import document, node
from zhiheng.scoring.facts import Unit
from zhiheng.scoring.lint import CHECKS, Finding, lint
from zhiheng.scoring.scheme.documents import read_document
from zhiheng.scoring.scheme.load import load_scheme

Change = Callable[[dict[str, Any]], object]
TEMPLATES = Path(__file__).parents[3] / "platform/zhiheng/library/templates/schemes"


def found_by(change: Change | None = None, units: tuple[Unit, ...] = ()) -> list[Finding]:
    return lint(load_scheme(document(change)), units)


def codes(change: Change | None = None, units: tuple[Unit, ...] = ()) -> set[str]:
    return {item.code for item in found_by(change, units)}


def leaf(found: dict[str, Any], place: int = 0) -> dict[str, Any]:
    return node(found, 0, place)


def set_params(place: tuple[int, ...], kind: str, params: dict[str, Any]) -> Change:
    return lambda found: node(found, *place).update(kind=kind, params=params)


def band(*bands: dict[str, Any], **more: Any) -> Change:
    return set_params((0, 1), "band_table.1", {"value": "[完成率]", "bands": list(bands), **more})


CASES: list[tuple[str, Change]] = [
    ("totals.printed", lambda d: node(d, 0).update(printed_points={"T": 41, "F": 100})),
    ("totals.children", lambda d: leaf(d).update(points={"T": 9, "F": 40})),
    ("totals.conversion", lambda d: node(d, 1).update(points={"T": 50})),
    ("applies.printed", lambda d: leaf(d).update(printed_applies=["T"])),
    ("applies.title", lambda d: leaf(d).update(title="教学单位报送")),
    ("reweight.idle", lambda d: node(d, 0).update(policies=[{"kind": "applicability_reweight.1"}])),
    ("bounds.crossed", lambda d: leaf(d).update(bounds={"floor": 50})),
    ("bounds.above", lambda d: leaf(d).update(bounds={"cap": 50})),
    ("points.zero", lambda d: leaf(d).update(points=0)),
    ("points.nobody", lambda d: leaf(d).update(points={"T": 1}, applies=["F"])),
    ("weights.unknown", lambda d: node(d, 0).update(policies=[{"kind": "bounded_rollup.1", "params": {"weights": {"Z": 2}}}])),
    ("reading.open", lambda d: None),
    ("reading.unused", lambda d: d["readings"].append({"code": "x", "title": "x", "options": {"a": "a", "b": "b"}, "default": "a"})),
    ("assessor.missing", lambda d: node(d, 1).pop("assessor")),
    ("assessor.rule", lambda d: leaf(d).update(assessor="质量办")),
    ("organiser.assessed", lambda d: d.update(organiser={"title": "质量办"})),
    ("supplier.self", lambda d: (d["measures"][0].update(supplier="self"), node(d, 0).pop("assessor"))),
    ("clause.missing", lambda d: leaf(d).pop("clause")),
    ("criteria.missing", set_params((0, 1), "panel_rating.1", {"entered": "[完成率]"})),
    ("title.doubled", lambda d: leaf(d).update(title="完成")),
    ("source.missing", lambda d: d.pop("source")),
    ("period.open", lambda d: d.pop("period")),
    ("examples.none", lambda d: None),
    ("leaf.no_measure", set_params((0, 1), "proportional.1", {"value": 1})),
    ("measure.no_supplier", lambda d: d["measures"][0].pop("supplier")),
    ("measure.unused", lambda d: d["measures"].append({"code": "x", "title": "多余", "type": "number", "supplier": "a"})),
    ("formula.unused", lambda d: d["formulas"].append({"code": "x", "title": "多余", "formula": "[完成率]*2"})),
    ("measure.zero", lambda d: d["measures"][2].update(missing="zero")),
    ("measure.zero_peers", lambda d: d["measures"][1].update(missing="zero")),
    ("formula.divisor", lambda d: d["formulas"][0].update(formula="[完成率]/[迟报次数]")),
    ("limits.conflict", lambda d: (
        leaf(d).update(kind="panel_rating.1", params={"mode": "share", "checks": [{"title": "a", "when": "[完成率]>=0.9"}]}),
        leaf(d, 1).update(kind="panel_rating.1", params={"mode": "share", "checks": [{"title": "a", "when": "[完成率]>=0.95"}]}),
    )),
    ("charged.twice", lambda d: leaf(d, 1).update(kind="event_tally.1", params={"start": 1, "entries": [{"title": "又", "count": "[迟报次数]", "points": -1}]})),
    ("register.period", lambda d: d["measures"].append({"code": "r", "title": "登记", "type": "register", "fields": [{"code": "日", "type": "date"}]})),
    ("period.missing", lambda d: (d.pop("period"), d["measures"].append({"code": "r", "title": "登记", "type": "register", "fields": [{"code": "日", "type": "date"}], "filters": [{"kind": "period", "field": "日"}]}))),
    ("ratio.parts", lambda d: node(d, 1)["params"].update(benchmark={"statistic": "pooled", "numerator": "[就业率]", "denominator": "[就业率.分母]"})),
    ("group.none", lambda d: d["unit_types"].update(X="其他")),
    ("ranking.none", lambda d: (d["outcomes"].pop("ranking"), d["outcomes"]["grades"]["params"]["tests"][0].update(quota={"number": 1, "by_rank": True}))),
    ("quota.large", lambda d: d["outcomes"]["grades"]["params"]["tests"][0].update(quota={"number": {"t": 9}})),
    ("quota.none", lambda d: d["outcomes"]["grades"]["params"]["tests"][0].update(quota={"share": "10%"})),
    ("group.size", lambda d: (d["groups"][0].pop("size"), d["outcomes"]["grades"]["params"]["tests"][0].update(quota={"number": 1}))),
    ("rank.beyond", set_params((1,), "band_table.1", {"value": "[就业率]", "rank": {}, "against": "rank", "bands": [{"at_most": 5, "points": 60}, {"at_most": 9, "points": 1}]})),
    ("grade.both", lambda d: d["outcomes"]["grades"]["params"]["tests"].append({"grade": "合格", "when": "[总分]>=60"})),
    ("grade.hole", lambda d: d["outcomes"]["grades"]["params"].pop("default")),
    ("grade.unreachable", lambda d: d["outcomes"]["grades"]["params"]["grades"].append({"code": "不合格"})),
    ("grade.unknown", lambda d: d["outcomes"]["grades"]["params"]["tests"].append({"grade": "特优", "when": "[总分]>99"})),
    ("grade.overlap", lambda d: d["outcomes"]["grades"]["params"].update(tests=[{"grade": "优秀", "interval": {"at_least": 80}}, {"grade": "合格", "interval": {"at_most": 80}}])),
    ("grade.forced", lambda d: d["outcomes"]["grades"]["params"].update(forced={"优秀": "30%", "合格": "60%"})),
    ("condition.never", lambda d: leaf(d)["params"]["entries"][0].update(when="[迟报次数]>5 且 [迟报次数]<3")),
    ("gate.no_award", lambda d: (d["outcomes"].pop("awards"), d["outcomes"]["gates"][0]["params"].update(effects={"bar_awards": "all"}))),
    ("gate.facts", lambda d: d["outcomes"]["gates"][0]["params"].pop("facts")),
    ("gate.never", lambda d: leaf(d).update(policies=[{"kind": "knockout_gate.1", "params": {"when": False}}])),
    ("gate.always", lambda d: leaf(d).update(policies=[{"kind": "knockout_gate.1", "params": {"when": True}}])),
    ("gate.effect", lambda d: d["outcomes"]["gates"][0]["params"].update(effects={"ranking": "keep"})),
    ("gate.propose", lambda d: leaf(d).update(policies=[{"kind": "knockout_gate.1", "params": {"when": "[迟报次数]>3", "effects": {"propose": "X"}}}])),
    ("ranking.ties", lambda d: None),
    ("consequence.trigger", lambda d: d["outcomes"].update(consequences=[{"code": "N", "title": "通报", "kind": "consequence_adjustment.1", "params": {"effect": {"kind": "notice", "text": "通报"}}}])),
    ("money.collision", lambda d: d["outcomes"].update(consequences=[{"code": "N", "title": "奖金", "kind": "consequence_adjustment.1", "params": {"effect": {"kind": "money", "pool": 1, "minimum": 1, "heads": 1}}}])),
    ("money.basis", lambda d: d["outcomes"].update(consequences=[{"code": "N", "title": "奖金", "kind": "consequence_adjustment.1", "params": {"effect": {"kind": "money", "pool": 1}}}])),
    ("case.term", lambda d: d["outcomes"].update(consequences=[{"code": "N", "title": "整改", "kind": "consequence_adjustment.1", "params": {"trigger": {"grades": ["合格"]}, "effect": {"kind": "case"}}}])),
    ("award.limit", lambda d: d["outcomes"]["awards"][0]["params"].update(select="top")),
    ("process.none", lambda d: None),
    ("process.notice", lambda d: d.update(process=[{"title": "自查"}])),
    ("process.days", lambda d: d.update(process=[{"title": "公示"}])),
    ("process.objection", lambda d: d.update(process=[{"title": "公示", "days": 5}])),
    ("rounding.digits", lambda d: d.update(rounding={"store": 2, "publish": 4})),
    ("rounding.early", lambda d: leaf(d).update(decimals=1)),
    ("bands.unreachable", band({"at_least": 0.6, "points": 60}, {"at_least": 0.9, "points": 30})),
    ("bands.inert", band({"at_least": 0.9, "points": 60}, {"at_least": 0.6, "points": 60})),
    ("bands.gap", band({"at_least": 0.9, "points": 60}, {"at_least": 0.6, "below": 0.85, "points": 6})),
    ("bands.order", band({"at_least": 0.9, "points": 50}, {"at_least": 0.8, "points": 60}, {"at_least": 0.6, "points": 6})),
    ("points.unreachable", band({"at_least": 0.9, "points": 20})),
    ("points.above", band({"at_least": 0.9, "points": 70})),
    ("tally.zero", lambda d: leaf(d)["params"]["entries"][0].update(points=0)),
    ("panel.unreachable", set_params((0, 1), "panel_rating.1", {"levels": [{"code": "a", "value": 0.9}, {"code": "b", "value": 0.5}], "raters": [{"code": "x", "title": "x", "ballots": {"a": "[迟报次数]", "b": "[完成率]"}}]})),
    ("panel.levels", set_params((0, 1), "panel_rating.1", {"raters": [{"code": "x", "title": "x", "ballots": {"a": "[迟报次数]"}}]})),
    ("rank.step", set_params((0, 1), "proportional.1", {"value": "[完成率]", "method": "rank", "rank_formula": "percent_of_place"})),
    ("distance.flat", set_params((0, 1), "proportional.1", {"value": "[完成率]", "method": "distance", "benchmark": 1})),
]  # fmt: skip


@pytest.mark.parametrize(("code", "change"), CASES, ids=[code for code, _ in CASES])
def test_each_check_finds_its_mistake(code: str, change: Change) -> None:
    hits = [item for item in found_by(change) if item.code == code]
    assert hits
    assert all(item.place and item.text and item.proposal for item in hits)


@pytest.mark.parametrize(
    "code",
    sorted(
        {code for code, _ in CASES}
        - {"reading.open", "examples.none", "ranking.ties", "process.none", "assessor.rule", "clause.missing"}
    ),
)
def test_each_check_is_silent_on_a_sound_scheme(code: str) -> None:
    assert code not in codes()


def test_there_are_enough_checks() -> None:
    assert len(CHECKS) >= 25
    assert len({code for code, _ in CASES}) >= 60
    assert all(check.title for check in CHECKS)


def test_an_assessor_among_the_units_is_found() -> None:
    units = (Unit("q", "F", "质量办"),)

    def change(found: dict[str, Any]) -> None:
        leaf(found)["assessor"] = "质量办"

    assert "assessor.self" in codes(change, units)
    assert "assessor.self" not in codes(lambda d: (change(d), leaf(d).update(self_assessed="office")), units)


def test_quotas_are_checked_against_the_units_when_they_are_known() -> None:
    def change(found: dict[str, Any]) -> None:
        found["outcomes"]["grades"]["params"]["tests"][0]["quota"] = {"number": {"t": 2}}

    assert "quota.large" not in codes(change)
    assert "quota.large" in codes(change, (Unit("a", "T"), Unit("b", "T")))


def test_errors_come_first() -> None:
    found = found_by(lambda d: d.update(rounding={"store": 2, "publish": 4}))
    assert found[0].level == "error"


def template(name: str, readings: dict[str, Any] | None = None) -> list[Finding]:
    path = TEMPLATES / name
    if not path.exists():
        pytest.skip(f"template {name} is not there")
    return lint(load_scheme(read_document(path.read_text(encoding="utf-8")), readings=readings))


def texts(found: list[Finding], code: str) -> str:
    return "\n".join(f"{item.place} {item.text}" for item in found if item.code == code)


def test_lianyungang_discrepancies_are_reported() -> None:
    found = template("lianyungang-2018.yaml")
    printed = texts(found, "totals.printed")
    assert "文件印 61 分，下级分值合计 58 分" in printed  # D-1
    assert "文件印 41 分，下级分值合计 46 分" in printed  # D-2
    assert "本项 3 分，下级合计 4 分" in texts(found, "totals.children")  # D-3
    assert "本项 150 分，不作换算时最多得 113 分" in texts(found, "totals.conversion")  # D-6
    assert "一致好评也得不到满分" in texts(found, "panel.unreachable")  # D-5
    assert len([item for item in found if item.code == "bands.inert"]) == 2  # D-7


def test_lianyungang_base_points_of_continuing_education() -> None:
    found = template("lianyungang-2018.yaml", {"LYG-03.ce_base": "42"})
    assert "文件印 55 分，下级分值合计 42 分" in texts(found, "totals.printed")  # D-4
    as_printed = template("lianyungang-2018.yaml")
    assert len([item for item in as_printed if item.code == "applies.printed"]) == 3  # 9 + 2 + 2 points


def test_jiaozuo_discrepancies_are_reported() -> None:
    found = template("jiaozuo-2020.yaml")
    assert "可同时成立" in texts(found, "grade.both")  # D-15
    assert "人均最低 500" in texts(found, "money.collision")  # D-16
