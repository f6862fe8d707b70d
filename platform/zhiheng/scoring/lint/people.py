"""Checks of who assesses, what is asked as evidence, which clause stands behind, and readings not chosen."""

from collections.abc import Iterable

from zhiheng.scoring.lint.model import Finding, Subject


def readings_not_chosen(subject: Subject) -> Iterable[Finding]:
    """Ambiguous clauses whose reading nobody confirmed (rules.md part 6)."""
    for reading in subject.scheme.readings.values():
        if not reading.chosen:
            level = "warning" if reading.impact == "ranking" else "info"
            text = f"条款“{reading.title}”有不同理解，尚未选择，暂按“{reading.meaning}”计算。"
            yield Finding(
                "reading.open",
                f"readings.{reading.code}",
                text,
                f"请由主管部门选定：{'；'.join(reading.options.values())}。",
                level,
            )


def readings_unused(subject: Subject) -> Iterable[Finding]:
    """Readings that change nothing."""
    used = {code for node in subject.scheme.tree.walk() for code in node.readings}
    used |= {code for outcome in subject.scheme.outcomes for code in outcome.readings}
    used |= {code for codes in subject.scheme.measure_readings.values() for code in codes}
    used |= _elsewhere(subject.scheme.document)
    for code in subject.scheme.readings:
        if code not in used:
            yield Finding(
                "reading.unused",
                f"readings.{code}",
                f"条款理解“{code}”没有被引用，选哪一种都一样。",
                "请用 $reading 或 $choose 引用，或删去。",
                "info",
            )


def _elsewhere(document: object) -> set[str]:
    if isinstance(document, dict):
        found = {str(document[key]) for key in ("$reading", "$choose") if key in document}
        return found.union(*(_elsewhere(item) for item in document.values())) if document else found
    if isinstance(document, list):
        return set().union(*(_elsewhere(item) for item in document)) if document else set()
    return set()


def leaf_without_assessor(subject: Subject) -> Iterable[Finding]:
    """Leaves nobody assesses (an assessor named above counts)."""
    parents = subject.scheme.parents()
    for leaf in subject.scheme.leaves():
        code: str | None = leaf.code
        while code is not None and not subject.nodes[code].assessors:
            code = parents.get(code)
        if code is None:
            yield Finding(
                "assessor.missing",
                leaf.place,
                f"“{leaf.title}”没有写考核部门。",
                "请填写 assessor，也可写在上级指标。",
            )


def assessor_scores_itself(subject: Subject) -> Iterable[Finding]:
    """Assessing departments that are assessed themselves (organ of conflict of interest)."""
    titles = {unit.title: unit for unit in subject.units}
    for leaf in subject.scheme.leaves():
        if leaf.self_assessed:
            continue
        for name in leaf.assessors:
            unit = titles.get(name)
            if unit is not None and unit.type in leaf.points:
                text = f"“{name}”既是本项的考核部门，又是被考核单位，会给自己打分。"
                yield Finding(
                    "assessor.self",
                    f"{leaf.place}.assessor",
                    text,
                    "请填写 self_assessed：office、full、reweight 或 allowed。",
                )


def self_assessment_undecided(subject: Subject) -> Iterable[Finding]:
    """No word on how assessors are scored on their own leaves, when the units are not known yet."""
    if subject.units:
        return
    open_leaves = [leaf for leaf in subject.scheme.leaves() if leaf.assessors and not leaf.self_assessed]
    if open_leaves:
        names = sorted({name for leaf in open_leaves for name in leaf.assessors})
        text = f"{len(open_leaves)} 个指标没有写明考核部门自身如何计分（{'、'.join(names[:6])}等）。"
        yield Finding("assessor.rule", "tree", text, "考核部门也被考核时，请逐项填写 self_assessed。", "info")


def organiser_assessed(subject: Subject) -> Iterable[Finding]:
    """The organising office is among the assessed."""
    organiser = subject.scheme.resolved.get("organiser")
    if organiser and organiser.get("assessed", True):
        text = f"组织考核的“{organiser['title']}”自身也参加考核。"
        yield Finding(
            "organiser.assessed", "organiser", text, "请规定其本单位的分数由谁评定、谁登记。", "info"
        )


def supplier_is_judge(subject: Subject) -> Iterable[Finding]:
    """Measures reported by the unit itself that cost or earn points without an assessor in between."""
    parents = subject.scheme.parents()
    for leaf in subject.scheme.leaves():
        own = [
            code
            for code in subject.leaf_measures[leaf.code]
            if subject.scheme.measures[code].supplier == "self"
        ]
        code: str | None = leaf.code
        while code is not None and not subject.nodes[code].assessors:
            code = parents.get(code)
        if own and code is None and not leaf.evidence:
            title = subject.scheme.measures[own[0]].title
            yield Finding(
                "supplier.self",
                leaf.place,
                f"“{title}”由单位自报，没有考核部门核实，也没有佐证要求。",
                "请填写 assessor 或 evidence。",
            )


def clauses(subject: Subject) -> Iterable[Finding]:
    """Leaves without a clause behind them."""
    without = [leaf for leaf in subject.scheme.leaves() if not leaf.clause]
    if without:
        names = "、".join(leaf.code for leaf in without[:8])
        yield Finding(
            "clause.missing",
            without[0].place,
            f"{len(without)} 个指标没有写依据的条款（{names}等）。",
            "请填写 clause，申诉时要用。",
            "info",
        )


def criteria(subject: Subject) -> Iterable[Finding]:
    """Judged leaves without a word on what is judged (D-9)."""
    for leaf in subject.scheme.leaves():
        judged = leaf.kind.startswith("panel_rating.") and "entered" in leaf.params
        if judged and not leaf.extra and not leaf.params.get("checks"):
            yield Finding(
                "criteria.missing",
                leaf.place,
                f"“{leaf.title}”由人评定，但没有考核要点，也没有核查点。",
                "请填写 standard 或 checks。",
            )


def titles(subject: Subject) -> Iterable[Finding]:
    """Siblings of one name."""
    for node in subject.scheme.tree.walk():
        seen: dict[str, str] = {}
        for child in node.children:
            if child.title in seen and child.types & subject.nodes[seen[child.title]].types:
                yield Finding(
                    "title.doubled",
                    child.place,
                    f"与 {seen[child.title]} 同名“{child.title}”。",
                    "请改用可区分的名称。",
                    "info",
                )
            seen.setdefault(child.title, child.code)


def source(subject: Subject) -> Iterable[Finding]:
    """A scheme that names no document and no period."""
    if not (subject.scheme.resolved.get("source") or {}).get("title"):
        yield Finding(
            "source.missing",
            "source",
            "没有写明依据文件。",
            "请填写 source.title 与文号，发布时要引用。",
            "info",
        )
    if subject.scheme.period is None:
        yield Finding("period.open", "period", "没有写考核期。", "请填写 period（首尾两日都算）。", "info")


def examples(subject: Subject) -> Iterable[Finding]:
    """A scheme without worked examples."""
    if not subject.scheme.resolved.get("examples"):
        yield Finding(
            "examples.none",
            "examples",
            "方案没有自带算例。",
            "请从文件或往年结果中取几例，发布前自动核对。",
            "info",
        )
