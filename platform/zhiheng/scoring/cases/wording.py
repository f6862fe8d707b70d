"""Inputs of a case under other names: shares written as two counts, lists where a smallest value or several assessors are meant."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhiheng.scoring.scheme.model import Scheme

Inputs = dict[str, Any]
_NUMERATORS = (
    "numerator", "part_time", "tested", "tested_students", "completed", "done", "met", "passed", "dual", "qualified",
    "executed", "spent", "hired", "employed", "certified", "graduated", "repaid", "applicants", "participants",
)  # fmt: skip
_DENOMINATORS = (
    "denominator", "full_time", "all_students", "students", "graduates", "persons", "teachers", "budget", "total",
    "planned", "base", "loans", "male_students",
)  # fmt: skip
_MARKS = ("assessors", "scores", "marks", "assessor_scores")
_ALIASES: Mapping[str, Mapping[str, str]] = {
    "B07": {"reschedule_deduction": "discretion", "d": "discretion", "hours": "hours_per_head"},
    "B13": {"participation": "combined_participation"},
    "K2.2": {"received": "received_wan", "contracted": "contracted_wan", "received_income_wan": "received_wan"},
    "C10": {"gross_failure": "gross", "gross_fault": "gross"},
    "C11d": {"events_in_both_roles": "both", "both_roles": "both", "same_event": "both", "same_unit": "both"},
    "C13a": {"borrowed": "books", "books_borrowed": "books", "books_due": "due"},
    "R2.4d": {"value": "result", "score": "result", "points": "result"},
    "R2.5": {"value": "review", "score": "review", "points": "review"},
    "R3.8": {"value": "entered"},
    "R4": {
        **dict.fromkeys(("papers_late", "without_papers", "no_papers", "late_papers", "papers_missing"), "material_late"),
        **dict.fromkeys(("missing_items", "items"), "items_missing"),
    },
    "F2": {"distinct_tasks": "tasks"},
    "T2": {"distinct_tasks": "tasks"},
}  # fmt: skip
_LEAST = {
    "counsellor_visits_per_week": "counsellor_visits_per_week_min",
    "leader_visits_per_month": "leader_visits_per_month_min",
    "probationer_hours": "probationer_hours_min",
    "activities_per_branch": "activities_min",
}
_SESSIONS = ("centre_sessions_per_term", "staff_sessions_per_term", "center_sessions_per_term")


def reworded(node: str, inputs: Mapping[str, Any], scheme: Scheme) -> Inputs:
    """The inputs under the names of the template; what needs no change stays as it is."""
    known = set(scheme.measures)
    renamed = {
        name if f"{node}.{name}" in known else _ALIASES.get(node, {}).get(name, name): value
        for name, value in inputs.items()
    }
    for step in (_least, _sessions, _special):
        step(node, renamed)
    _share(node, renamed, scheme)
    return renamed


def marks_of(inputs: Mapping[str, Any]) -> Sequence[Any] | None:
    """Marks of several assessors of one leaf, None when there is only one."""
    marks = next((inputs[name] for name in (*_MARKS, "entered") if isinstance(inputs.get(name), list)), None)
    return marks if isinstance(marks, list) else None


def with_marks(inputs: Mapping[str, Any], marks: Sequence[Any]) -> Inputs:
    """The inputs with the marks as the one entry of the leaf."""
    return {**{name: value for name, value in inputs.items() if name not in _MARKS}, "entered": list(marks)}


def _least(node: str, inputs: Inputs) -> None:
    branches = inputs.get("activities_per_branch")
    if node == "K5.2a" and isinstance(branches, list):
        inputs.update(branches=len(branches), branches_met=sum(int(item) >= 2 for item in branches))
    for name, least in _LEAST.items():
        if isinstance(inputs.get(name), list):
            inputs[least] = min(inputs.pop(name), key=float)


def _sessions(_node: str, inputs: Inputs) -> None:
    both = [item for name in _SESSIONS for item in inputs.pop(name, ())]
    if both:
        inputs["sessions_per_term"] = both


def _special(node: str, inputs: Inputs) -> None:
    change = _SPECIAL.get(node)
    if change is not None:
        change(inputs)


def _spot_check(inputs: Inputs) -> None:
    """Only the spot check at the first submission of the year counts."""
    if inputs.pop("first_submission", True) in (False, 0, "false"):
        inputs["fail_share"] = 0


def _incident(inputs: Inputs) -> None:
    """Nothing entered because nothing happened."""
    happened = inputs.pop("incident", None)
    if happened is not None:
        inputs["incidents"] = int(bool(happened))
    if "entered" in inputs and inputs["entered"] is None:
        inputs.setdefault("incidents", 0)


def _budget(inputs: Inputs) -> None:
    """No budget, hence no rate of execution."""
    empty = "budget" in inputs and float(inputs["budget"] or 0) == 0
    if empty or ("execution" in inputs and inputs["execution"] is None):
        for name in ("budget", "executed", "spent"):
            inputs.pop(name, None)
        inputs.update(no_budget=True, execution=0)


def _both_roles(inputs: Inputs) -> None:
    """A unit that caused and reviewed the same events."""
    if not isinstance(inputs.get("both"), bool):
        return
    roles = (int(inputs.get("as_responsible", 0)), int(inputs.get("as_reviewer", 0)))
    inputs["both"] = min(roles) if inputs["both"] else 0


def _visits(inputs: Inputs) -> None:
    """A teaching unit without students is another type of unit."""
    if inputs.get("students") in (0, "0") and str(inputs.get("group", "teaching")) == "teaching":
        inputs["group"] = "teaching_no_students"
        inputs.pop("students")
        inputs.pop("met", None)


_SPECIAL: Mapping[str, Callable[[Inputs], None]] = {
    "K5.3c": _spot_check,
    "K8.4b": _incident,
    "C03": _budget,
    "C11d": _both_roles,
    "C13b": _visits,
}


def _share(node: str, inputs: Inputs, scheme: Scheme) -> None:
    """Two counts become the one share the node asks for."""
    own = {code: item.type for code, item in scheme.measures.items() if code.startswith(f"{node}.")}
    free = [code for code, kind in own.items() if kind == "ratio" and code.rpartition(".")[2] not in inputs]
    above = [name for name in _NUMERATORS if name in inputs and f"{node}.{name}" not in own]
    under = [name for name in _DENOMINATORS if name in inputs and f"{node}.{name}" not in own]
    if len(free) == 1 == len(above) == len(under):
        inputs[free[0].rpartition(".")[2]] = {
            "numerator": inputs.pop(above[0]),
            "denominator": inputs.pop(under[0]),
        }
