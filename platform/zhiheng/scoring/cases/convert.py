"""Laying out inputs as facts: lists become rows of registers, words become counts. Nothing is calculated here."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from zhiheng.scoring.cases.model import CaseError, Convert, Facts
from zhiheng.scoring.scheme.numbers import fraction
from zhiheng.scoring.services.registers import RegisteredTask, TaskCounts, charged_failures, task_counts

_GRADES = {
    "优秀": "excellent", "合格": "qualified", "不合格": "unqualified",
    "excellent": "excellent", "qualified": "qualified", "unqualified": "unqualified",
}  # fmt: skip


def classes_to_rows(measure: str, classes: Mapping[str, str], fixed: Mapping[str, Any]) -> Convert:
    """Counts by class, or a list of single achievements, as rows of a register (one row per achievement)."""

    def convert(value: Any) -> Facts:
        if isinstance(value, Mapping):
            pairs: list[tuple[str, Mapping[str, Any]]] = [
                (name, {}) for name, count in value.items() for _ in range(int(count or 0))
            ]
        else:
            pairs = [(str(item.get("class", item.get("kind", item.get("type")))), item) for item in value]
        rows = [_row(classes, name, details, number, fixed) for number, (name, details) in enumerate(pairs)]
        return {measure: rows}

    return convert


def _row(
    classes: Mapping[str, str], name: str, details: Mapping[str, Any], number: int, fixed: Mapping[str, Any]
) -> Facts:
    if name not in classes:
        raise CaseError(f"没有成果类别“{name}”")
    work = details.get("work", details.get("item", details.get("name", details.get("same"))))
    row = {
        **fixed,
        "类别": classes[name],
        "成果": str(work) if work else f"第{number + 1}项",
        "事项": str(details.get("event", "")),
    }
    if details.get("role", "first") != "first":
        row["署名"] = "其他"
    if "units" in details:
        row["参与单位数"] = details["units"]
    if "date" in details:
        row["日期"] = details["date"]
    return row


def lists_to_rows(measure: str, field: str, labels: Mapping[str, Any]) -> Convert:
    """One list of figures of one sort as rows of a register."""

    def convert(value: Any) -> Facts:
        return {
            measure: [
                {**labels, "项目": f"第{number + 1}项", field: item} for number, item in enumerate(value)
            ]
        }

    return convert


def grades_or_scores(scores: str, counts: str) -> Convert:
    """A list of marks as it is; a list of grade words as the number of each grade."""

    def convert(value: Any) -> Facts:
        words = [_GRADES.get(str(item)) for item in value or []]
        if not words or None in words:
            return {scores: list(value or [])}
        return {
            scores: [],
            **{f"{counts}_{grade}": words.count(grade) for grade in dict.fromkeys(_GRADES.values())},
        }

    return convert


def ballots_by_class(value: Any) -> Facts:
    """Ballots of each class of voters, as a mapping by class or a list with the class in each entry, or of all at once."""
    if isinstance(value, Mapping) and "excellent" in value:
        value = {"cadre": value}
    entries = (
        value.items()
        if isinstance(value, Mapping)
        else [(item.get("class", item.get("voters")), item) for item in value]
    )
    facts: Facts = {}
    for name, counts in entries:
        code = VOTERS.get(str(name))
        if code is None:
            raise CaseError(f"没有测评人员类别“{name}”")
        for grade in ("excellent", "qualified", "unqualified", "blank"):
            facts[f"D.{code}_{grade}"] = counts.get(grade, 0)
    return facts


def ballots_of(name: str) -> Convert:
    """Ballots of one class of voters."""

    def convert(value: Any) -> Facts:
        return ballots_by_class({name: value})

    return convert


VOTERS = {
    "cadre": "cadre", "cadres": "cadre", "middle": "cadre", "中层以上干部": "cadre", "中层干部": "cadre", "干部": "cadre",
    "staff": "staff", "representatives": "staff", "staff_representatives": "staff", "教职工代表": "staff", "代表": "staff",
}  # fmt: skip


def voter_weights(params: Mapping[str, Any], weights: Mapping[str, Any]) -> Facts:
    """Parameters of the appraisal with these weights of the classes of voters."""
    changed = copy.deepcopy(dict(params))
    by_code = {VOTERS[name]: weight for name, weight in weights.items() if name in VOTERS}
    for rater in changed["raters"]["cases"]["classes"]:
        rater["weight"] = str(by_code.get(rater["code"], rater["weight"]))
    return changed


def main_tasks(value: Sequence[Mapping[str, Any]]) -> Facts:
    """Main tasks of a department sheet as rows: completion, weight, excused."""
    rows = [
        {
            "编号": number, "任务": f"任务{number}", "完成度": _first(task, "c", "completion", "completed", "done", default=0),
            "权重": _first(task, "w", "weight", default=1), "免责": bool(task.get("excused", False)),
        }
        for number, task in enumerate(value, start=1)
    ]  # fmt: skip
    return {"work.tasks": rows}


def _first(entry: Mapping[str, Any], *names: str, default: Any) -> Any:
    return next((entry[name] for name in names if name in entry), default)


def key_tasks(value: Any) -> Facts:
    """Completion of each key task, as figures or entries, as the counts of the register."""
    done = [
        fraction(_first(item, "c", "completion", "done", default=0) if isinstance(item, Mapping) else item)
        for item in value
    ]
    return {
        "key.planned": len(done),
        "key.completed": sum(item >= 1 for item in done),
        "key.completion_sum": sum(done),
    }


def satisfaction(value: Any) -> Facts:
    """Satisfaction of the three surveyed parties, in the order graduates, employers, parents, or by name."""
    names = ("graduates", "employers", "parents")
    named = value.items() if isinstance(value, Mapping) else zip(names, value, strict=True)
    return {f"D1d.{name}": item for name, item in named}


def numbered(measures: Sequence[str]) -> Convert:
    """A list in a fixed order, or a mapping by leaf, as one measure each."""

    def convert(value: Any) -> Facts:
        if isinstance(value, Mapping):
            by_leaf = {measure.rpartition(".")[0]: measure for measure in measures}
            return {by_leaf.get(str(name), f"{name}.entered"): item for name, item in value.items()}
        facts = dict(zip(measures, value, strict=True))
        if facts.get("K8.4b.entered", 0) is None:
            facts["K8.4b.incidents"] = 0
        return facts

    return convert


def several(*measures: str) -> tuple[str, ...]:
    """One figure that several measures hold."""
    return measures


def registered(tasks: Sequence[Mapping[str, Any]]) -> list[RegisteredTask]:
    """Entries of a task register as the register service takes them."""
    return [
        RegisteredTask(
            done=bool(task.get("done", False)), request=task.get("request") or "",
            filed_before_due=bool(task.get("filed_before_due", False)),
            supplementary=bool(task.get("supplementary", False)), filed=bool(task.get("filed", True)),
            material=not task.get("no_material", False) and bool(task.get("material", True)),
            falsified=bool(task.get("falsified", False)),
        )
        for task in tasks
    ]  # fmt: skip


def counted_tasks(inputs: Mapping[str, Any]) -> list[RegisteredTask]:
    """A register written as counts (planned, done, supplementary filed or not, without material), entry by entry."""
    done = int(
        inputs.get(
            "planned_done", inputs.get("reported_done", inputs.get("completed", inputs.get("done", 0)))
        )
    )
    bad = int(inputs.get("no_material", 0)), int(inputs.get("falsified", 0))
    tasks = [
        RegisteredTask(
            done=number < done, material=not number < bad[0], falsified=bad[0] <= number < sum(bad)
        )
        for number in range(int(inputs.get("planned", 0)))
    ]
    for kind, filed in (("supplementary_filed", True), ("supplementary_unfiled", False)):
        finished = int(inputs.get(f"{kind}_done", 0))
        tasks += [
            RegisteredTask(done=number < finished, supplementary=True, filed=filed)
            for number in range(int(inputs.get(kind, 0)))
        ]
    return tasks


def as_measures(counts: TaskCounts, group: str) -> Facts:
    """Counts of a task register under the measures of key or routine tasks."""
    facts: Facts = {
        f"{group}.planned": counts.planned,
        f"{group}.excused": counts.excused,
        f"{group}.completed": counts.completed,
    }
    if group == "key":
        facts["key.supplementary"] = counts.supplementary
    return facts


def task_facts(inputs: Mapping[str, Any], group: str, *, count_excused_done: bool = False) -> Facts:
    """Measures of a register given task by task or as counts."""
    tasks = registered(inputs["tasks"]) if "tasks" in inputs else counted_tasks(inputs)
    return as_measures(task_counts(tasks, count_excused_done=count_excused_done), group)


def still_charged(inputs: Mapping[str, Any]) -> int:
    """Failures left after signed statements of an objective cause."""
    return charged_failures(int(inputs["failures"]), excused=int(inputs.get("excused_signed", 0)))
