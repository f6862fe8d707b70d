"""The contract of a kind, checked: what every plug-in must keep so that results can be trusted and explained."""

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from zhiheng.scoring.contract import STAGES, Kind
from zhiheng.scoring.engine.run import Run
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.explanation.explain import explain
from zhiheng.scoring.explanation.outcomes import explain_outcomes
from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.scheme.names import parsed
from zhiheng.scoring.testing.cases import Case

_NAME = re.compile(r"^[a-z][a-z0-9_]*\.[1-9][0-9]*$")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def contract_problems(name: str, cases: Sequence[Case]) -> list[str]:
    """What the kind `name` does not keep, in words; empty when it keeps everything. Needs at least one case."""
    found = [] if _NAME.match(name) else [f"名称“{name}”应为小写英文加版本号，如 my_kind.1"]
    try:
        kind = kind_of(name)
    except ScoringError as error:
        return [*found, str(error)]
    found += _declaration(kind)
    live = [case for case in cases if "refused" not in case.data]
    if not live:
        found.append("没有可以计算的算例")
    for case in live:
        found += [f"{case.title}：{problem}" for problem in _behaviour(name, kind, case)]
    return found


def _declaration(kind: Kind) -> Iterable[str]:
    if kind.stage not in STAGES:
        yield f"环节 stage“{kind.stage}”无效，可用：{'、'.join(STAGES)}"
    if not _CHINESE.search(kind.title):
        yield "title 应为中文名称"
    try:
        Draft202012Validator.check_schema(kind.schema)
    except SchemaError as error:
        yield f"参数定义不是有效的 JSON Schema 2020-12：{error.message}"
        return
    if kind.schema.get("additionalProperties", True) is not False:
        yield "参数定义须拒绝未知参数（additionalProperties: false）"
    for path, part in _properties(kind.schema, ""):
        if not _CHINESE.search(str(part.get("title", ""))) and "$ref" not in part:
            yield f"参数 {path} 没有中文名称"


def _properties(schema: Mapping[str, Any], path: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for name, part in (schema.get("properties") or {}).items():
        yield f"{path}{name}", part


def _behaviour(name: str, kind: Kind, case: Case) -> Iterable[str]:
    try:
        run = case.run()
        scheme = case.scheme()
    except (ScoringError, ScoringErrors) as error:
        yield f"算例不能计算：{error}"
        return
    for params in _params_of(scheme, name):
        yield from _inputs(kind, params)
    yield from _pure(case, run)
    yield from _order(case, run)
    yield from _told(run)


def _params_of(scheme: Any, name: str) -> Iterable[Mapping[str, Any]]:
    for node in scheme.tree.walk():
        if node.kind == name:
            yield node.params
        yield from (policy.params for policy in node.policies if policy.kind == name)
    yield from (outcome.params for outcome in scheme.outcomes if outcome.kind == name)


def _inputs(kind: Kind, params: Mapping[str, Any]) -> Iterable[str]:
    before = copy.deepcopy(params)
    for use in kind.inputs(params):
        try:
            parsed(use.text)
        except (ScoringError, ScoringErrors) as error:
            yield f"inputs 给出的公式 {use.place} 无法读取：{error}"
    if params != before:
        yield "inputs 改动了参数"


def _results(run: Run) -> dict[str, Any]:
    scores = {
        node: dict(zip(run.codes, result.points.to_list(), strict=True)) for node, result in run.nodes.items()
    }
    ranks = {unit: str(rank) for unit, rank in run.ranks().items()}
    return {
        "scores": scores,
        "ranks": ranks,
        "grades": run.grades(),
        "sizes": {n: r.points.size for n, r in run.nodes.items()},
    }


def _pure(case: Case, run: Run) -> Iterable[str]:
    """Same facts, same results, same fingerprint; one score per unit."""
    again = case.run()
    if _results(again) != _results(run) or again.fingerprint != run.fingerprint:
        yield "两次计算的结果不同"
    if any(size != len(run.codes) for size in _results(run)["sizes"].values()):
        yield "得分个数与单位个数不符"


def _order(case: Case, run: Run) -> Iterable[str]:
    """The order of the units does not matter."""
    other = case.run(list(reversed(run.codes)))
    if _results(other)["scores"] != _results(run)["scores"]:
        yield "得分随单位次序改变"
    if _results(other)["grades"] != _results(run)["grades"]:
        yield "等次随单位次序改变"


def _told(run: Run) -> Iterable[str]:
    """Every score of every unit can be explained in words."""
    for unit in run.codes:
        stack = [explain(run, unit), *explain_outcomes(run, unit)]
        while stack:
            item = stack.pop()
            stack += item.children
            if not item.formula:
                yield f"{unit} 的 {item.code} 没有说明"
