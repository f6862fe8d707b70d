"""Where the rules of the Jiaozuo scheme stand in its template, and what their cases call the inputs."""

from zhiheng.scoring.cases import convert
from zhiheng.scoring.cases.model import Rule, Target

TEACHING, FUNCTIONAL = "teaching", "functional"
_KEY: dict[str, Target] = {
    "planned": "key.planned", "supplementary": "key.supplementary", "excused": "key.excused",
    "completed": ("key.completed", "key.completion_sum"), "completion_sum": "key.completion_sum",
    **dict.fromkeys(("fractions", "completions", "tasks"), convert.key_tasks),
}  # fmt: skip
_ROUTINE: dict[str, Target] = {
    "planned": "routine.planned",
    "excused": "routine.excused",
    "completed": "routine.completed",
}
_QUALITY: dict[str, Target] = {
    "bulletin_items": "key.bulletin_items", "bulletin_tasks": "key.bulletin_tasks", "tasks": "key.bulletin_tasks",
    "supervision_notices": "key.supervision_notices",
}  # fmt: skip
_BULLETINS = {"key.bulletin_items": 0, "key.bulletin_tasks": 0}
_DUTY = {"C14.superior": 0, "C14.departmental": 0}
_PARTS = {"key": "=key", "routine": "=routine", "common": "=common", "talent": "=talent"}
BLOCKS = {
    "jwc": "block_jwc", "xsc": "block_xsc", "bwc": "block_bwc", "tw": "block_tw", "zjc": "block_zjc", "dwc": "block_dwc", "rsc": "block_rsc",
    "教务处": "block_jwc", "学生处": "block_xsc", "保卫处": "block_bwc", "团委": "block_tw", "招生就业处": "block_zjc",
    "对外合作处": "block_dwc", "人事处": "block_rsc",
}  # fmt: skip
_DEDUCTED = (
    "R1.2",
    "R1.3",
    "R1.4",
    "R1.5",
    "R2.1",
    "R2.2",
    "R2.3",
    "R2.4c",
    "R2.6",
    "R2.8",
    "R2.9",
    "R2.10b",
    "R2.11",
)
_RATED = ("R2.4a", "R2.4b", "R2.7b", "R3.2", "D6", "D8", "D1a")
_TO_BEST = ("D3b", "D3d", "D3e", "D3f", "D5", "D7", "D10", "D11")
_TARGETED = ("D1b1", "D1b2", "D1c", "D1d")
_PLAIN = (
    "R2.7a",
    "R2.10a",
    "R3.1",
    "R3.3",
    "R3.4",
    "R3.5",
    "R3.6",
    "R3.7",
    "R3.8",
    "R4",
    "R5",
    "R6a",
    "R6b",
    "D2",
    "D3a",
    "D3c",
)
_COMMON = (
    "C01a", "C01b", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C10", "C11a", "C11b", "C11c", "C11d", "C12", "C13a", "C13b",
)  # fmt: skip

RULES: dict[str, Rule] = {
    "JZU-00": Rule("total", _PARTS),
    "JZU-F1": Rule("F1", _KEY),
    "JZU-F2": Rule("F2", _QUALITY, facts=_BULLETINS),
    "JZU-F3": Rule("F3", _ROUTINE),
    "JZU-F4": Rule("F4", {"spill": "=spill", "completion": "=F3", "routine_completion": "=F3"}),
    "JZU-T1": Rule("T1", _KEY),
    "JZU-T2": Rule("T2", _QUALITY, facts=_BULLETINS),
    "JZU-X3": Rule("F2", _QUALITY, facts=_BULLETINS, nodes={"20": "F2", "10": "T2"}),
    "JZU-X4": Rule("C14", {"amounts": "C14.typed_deductions", "deductions": "C14.typed_deductions"}, facts=_DUTY),
    "JZU-RB": Rule("D10", best="value", nodes={"4": "D10", "2": "D11", "1": "D5", "0.3": "D3d"}),
    "JZU-PCT": Rule("C05"),
    **{f"JZU-{code}": Rule(code) for code in (*_COMMON, "C14")},
    "JZU-R1.1": Rule("R1.1"),
    **{f"JZU-{code}": Rule(code) for code in (*_DEDUCTED, *_RATED, *_PLAIN)},
    "JZU-R2.4d": Rule("R2.4d"),
    "JZU-R2.5": Rule("R2.5"),
    "JZU-R2.7": Rule("R2.7", {"a": "=R2.7a", "b": "=R2.7b"}),
    "JZU-R6a": Rule("R6a"),
    **{f"JZU-{code}": Rule(code, best="value") for code in _TO_BEST},
    **{f"JZU-{code}": Rule(code, best="rate") for code in _TARGETED},
    "JZU-D1d": Rule("D1d", dict.fromkeys(("rates", "parties"), convert.satisfaction), best="rate"),
    "JZU-D4": Rule("D4"),
    "JZU-D9": Rule("D9", best="contest_points"),
    "JZU-B2": Rule("F4"),
}  # fmt: skip
"""Rules that give points, by rule id; registers, carry-over and re-weighting have their own handlers."""
