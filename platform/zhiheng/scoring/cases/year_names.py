"""Headings of whole-year cases: which group, rule, measure or node each name means."""

from collections.abc import Mapping

GROUPS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "JZU": {
        "functional": ("functional", "functional"), "职能部门": ("functional", "functional"),
        "teaching": ("teaching", "teaching"), "教学院部": ("teaching", "teaching"),
    },
    "LYG": {
        **{name: (name, "SC") for name in ("院部", "faculty", "faculties", "teaching", "colleges", "teaching_units")},
        **{name: (name, "DEP") for name in ("部门", "department", "departments", "functional")},
    },
}  # fmt: skip
"""By college: name of a group in the case, and the unit type its units have if they state none."""

UNIT_KEYS = frozenset(
    {
        "key",
        "common",
        "routine",
        "talent",
        "base",
        "D",
        "L",
        "T",
        "type",
        "unit_type",
        "tasks",
        "style",
        "work",
        "democratic",
        "leadership",
    }
)
"""Names that show that a mapping is a unit and not a group of units."""

DETAILS = frozenset(
    {
        "type",
        "unit_type",
        "group",
        "unit",
        "code",
        "id",
        "name",
        "title",
        "max",
        "leaf",
        "note",
        "remark",
        "aliases",
        "cluster",
        "signboards",
        "expected",
    }
)
"""Names that carry nothing to be scored."""

_TEACHING = {"teaching": "JZU-T1", "teaching_no_students": "JZU-T1", "*": "JZU-F1"}
_TEACHING_QUALITY = {"teaching": "JZU-T2", "teaching_no_students": "JZU-T2", "*": "JZU-F2"}
RULE_NAMES: Mapping[str, Mapping[str, str | Mapping[str, str]]] = {
    "JZU": {"key": _TEACHING, "key_quality": _TEACHING_QUALITY, "routine": "JZU-F3"},
    "LYG": {
        **dict.fromkeys(("D", "democratic", "democratic_appraisal", "ballots", "民主测评"), "LYG-01"),
        **dict.fromkeys(("L", "leadership", "leaders", "leadership_evaluation", "领导班子评价"), "LYG-02"),
        **dict.fromkeys(("style_leaves", "work_style", "departmental_style", "four_leaves", "leaves4"), "LYG-04"),
        **dict.fromkeys(("tasks", "work", "main_work", "main_tasks", "main"), "LYG-05"),
        **dict.fromkeys(("K7.1", "典型"), "LYG-K7.1a"),
        **dict.fromkeys(("K8", "safety"), "LYG-K8-V"),
        "K1.1": "LYG-K1.1", "K5.3": "LYG-K5.3", "K6": "LYG-K6",
    },
}  # fmt: skip
"""Headings that stand for a rule; by unit type where it depends on the unit."""

MEASURES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "JZU": {
        "routine_late": ("F4.late",), "heads_6_months": ("G8.heads",), "heads": ("G8.heads",),
        "planned_bulletins": ("F4.planned_bulletins",), "issued_in_time": ("F4.issued_in_time",),
    },
    "LYG": {
        "applied": ("applied",), "innovation": ("innovation",), "breakthrough": ("breakthrough",), "heads": ("pay.heads",),
        **{name: (f"{name}.scores",) for name in ("style", "method", "efficiency", "quality")},
        "holistic": ("work.judged_total",), "incidents": ("K8.4b.incidents",),
    },
}  # fmt: skip
"""Headings that stand for measures."""

NODES: Mapping[str, Mapping[str, str]] = {
    "JZU": {
        "教务处": "block_jwc", "学生处": "block_xsc", "保卫处": "block_bwc", "团委": "block_tw", "招生就业处": "block_zjc",
        "对外合作处": "block_dwc", "人事处": "block_rsc",
    },
    "LYG": {"base": "B", "key": "K", "基础指标": "B", "重点指标": "K", "main_work": "work", "style40": "departmental_style"},
}  # fmt: skip
"""Names of nodes that differ from their codes."""
