"""Columns of one sheet held against each other (栏目互校): who does a duty, groups that differ, branches, standing work."""

import re
from typing import Any

from integrations.importers.findings import Report
from integrations.importers.folding import containment, fold
from integrations.importers.grid import Line
from integrations.importers.procedures.actors import Cast
from integrations.importers.procedures.workflow import trailing_bracket

BRANCH = re.compile(r"如有|如需|若|或者|或整改|或延期|申诉|再次提交|修订申请|补考|取消|不合格")
STANDING = re.compile(r"日常|常态|长期|全年|经常")
OTHERS = ("其他", "其它")
ALIKE = 0.5
Record = dict[str, Any]


def cross_check(item: Record, anchors: dict[str, Line], cast: Cast, report: Report) -> None:
    """Adds ``duty_actors`` where duties name or imply their own doer, and the warnings."""
    about = f"{item['no']} {item['title']}"
    doers = {party: made for party in item["duties"] if (made := _doers(item, party, cast))}
    if doers:
        item["duty_actors"] = doers
        for party, found in doers.items():
            named = "、".join(dict.fromkeys(name for doer in found for name in doer["actors"]))
            if f"duty:{party}" in anchors:
                report.warn(
                    "duty_names_actor", "职责另有承办者，请确认", anchors[f"duty:{party}"], named, about=about
                )
    _groups(item, anchors, report, about)
    _branches(item, anchors, report, about)


def _doers(item: Record, party: str, cast: Cast) -> list[Record] | None:
    """Doers named in brackets at the end of duties (B13); a column whose party never acts is somebody else's (B14)."""
    named = [_named(text, party, cast) for text in item["duties"][party]]
    acting = list(dict.fromkeys(name for step in item["workflow"] for name in step["actors"]))
    strangers = [name for name in acting if name not in cast.parties]
    if any(named):
        return [
            doer or _implied(text, item, strangers)
            for doer, text in zip(named, item["duties"][party], strict=True)
        ]
    if party in acting or len(strangers) != 1 or not item["duties"][party] or len(acting) < 2:
        return None
    return [
        {"actors": strangers, "actor_inferred": True, "actor_why": "workflow"} for _ in item["duties"][party]
    ]


def _named(text: str, party: str, cast: Cast) -> Record | None:
    bracket = trailing_bracket(text)
    actors = cast.read(bracket[1]) if bracket else None
    if actors is None or bracket is None:
        return None
    if bracket[1].startswith(OTHERS):
        return {"actors": [party], "actor_text": bracket[1], "except": "others"}
    return {"actors": list(actors.names), "actor_text": bracket[1]}


def _implied(text: str, item: Record, strangers: list[str]) -> Record:
    """The stranger whose step says the same; nobody when no step does."""
    steps = [(containment(text, step["step"]), step) for step in item["workflow"]]
    score, step = max(steps, key=lambda pair: pair[0], default=(0.0, None))
    names = (
        [name for name in step["actors"] if name in strangers] if step is not None and score >= ALIKE else []
    )
    return {"actors": names or strangers[:1], "actor_inferred": True, "actor_why": "workflow"}


def _groups(item: Record, anchors: dict[str, Line], report: Report, about: str) -> None:
    """Group headings that differ between the columns: to be linked by name, not by place (B9)."""
    listed = [[group["name"] for group in groups] for groups in item.get("duty_groups", {}).values()]
    chains = list(
        dict.fromkeys(step["chain"].split("/")[0] for step in item["workflow"] if step.get("chain"))
    )
    named = [*listed, chains] if chains else listed
    if len({tuple(map(fold, names)) for names in named}) > 1 and "flow" in anchors:
        texts = "；".join("、".join(names) for names in named)
        report.warn(
            "groups_differ", "各栏的分组名称不一致，请按名称对应", anchors["flow"], texts, about=about
        )


def _branches(item: Record, anchors: dict[str, Line], report: Report, about: str) -> None:
    """Branches written as a straight chain (C14) and standing work written as one (C18)."""
    if "flow" not in anchors:
        return
    for step in item["workflow"]:
        branch = BRANCH.search(step["step"])
        if branch and branch[0] not in item["title"]:
            step["optional"] = True
            text = "这一步像是分支，按直线流程保留，可说明理由后跳过"
            report.warn(
                "step_may_branch", text, anchors["flow"], step["step"], about=f"{about} 第{step['no']}步"
            )
    if item["workflow"] and STANDING.search(item["time_text"]):
        report.warn("standing_chain", "常年工作写成流程，可改作核对清单", anchors["flow"], about=about)
