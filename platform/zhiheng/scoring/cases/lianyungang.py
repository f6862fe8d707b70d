"""Where the rules of the Lianyungang scheme stand in its template, and what their cases call the inputs."""

from zhiheng.scoring.cases import convert
from zhiheng.scoring.cases.model import Rule

_FIRST = {"署名": "第一", "参与单位数": 1, "日期": "2018-12-31"}

QUALITY_PROJECTS = {
    **dict.fromkeys(
        ("programme_national", "base_national", "achievement_national", "team_national"),
        "专业基地成果奖团队·国家级",
    ),
    **dict.fromkeys(
        ("programme_provincial", "base_provincial", "achievement_provincial", "team_provincial"),
        "专业基地成果奖团队·省级",
    ),
    **dict.fromkeys(
        ("course_national", "textbook_national", "resource_national", "library_national"),
        "课程教材资源库·国家级",
    ),
    **dict.fromkeys(
        ("course_provincial", "textbook_provincial", "resource_provincial", "library_provincial"),
        "课程教材资源库·省级",
    ),
    "contest_national": "信息化与技能大赛·国家级",
    "contest_provincial_1": "信息化与技能大赛·省级一等",
    "contest_provincial_2": "信息化与技能大赛·省级二等",
    "contest_provincial_3": "信息化与技能大赛·省级三等",
    "design_provincial_1": "优秀毕业设计·省级一等",
    "design_provincial_team_or_2": "优秀毕业设计·省级团队或二等",
    "design_provincial_team": "优秀毕业设计·省级团队或二等",
    "design_provincial_2": "优秀毕业设计·省级团队或二等",
    "design_provincial_3": "优秀毕业设计·省级三等",
    "innovation_national": "学生创新训练·国家级",
    "innovation_provincial": "学生创新训练·省级",
}
RESEARCH = {
    "paper_indexed": "论文·检索", "paper_core": "论文·核心", "paper_other": "论文·其他",
    "project_national": "课题·国家级", "project_provincial": "课题·省级", "project_city": "课题·市级",
    **{f"project_{name}": "课题·校级或横向" for name in ("school", "horizontal", "school_or_horizontal", "other", "school_horizontal")},
    "award_national": "科研奖励·国家级", "award_provincial": "科研奖励·省级", "award_city": "科研奖励·市级",
    "patent_invention": "专利·发明", "patent_design": "专利·外观",
    **{f"patent_{name}": "专利·实用新型或软件著作权" for name in ("utility", "software", "utility_or_software", "utility_software")},
}  # fmt: skip
_K8 = ("K8.1.entered", "K8.2.entered", "K8.3.entered", "K8.4a.entered", "K8.4b.entered")
_STYLE = {name: f"{name}.scores" for name in ("style", "method", "efficiency", "quality")}
_TYPICAL = {
    "weight": "K7.1.award_city",
    **{
        f"{sort}_{level}": f"K7.1.{sort}_{level}"
        for sort in ("award", "media")
        for level in ("national", "provincial", "city")
    },
    **{level: f"K7.1.award_{level}" for level in ("national", "provincial", "city")},
}


_NONE = {
    f"K7.1.{sort}_{level}": 0 for sort in ("award", "media") for level in ("national", "provincial", "city")
}


def _judged_leaves() -> dict[str, Rule]:
    plain = (1, 9, 12, 13, 22, 25, 27, 29, 32, 34, 36, 40, 41, 48, 49, 50, 52, 55, 7, 17, 18, 39)
    return {f"LYG-B{number:02d}": Rule(f"B{number:02d}") for number in plain}


RULES: dict[str, Rule] = {
    **_judged_leaves(),
    "LYG-00": Rule("total", {"D": "=D", "T": "=T", "L": "=L"}),
    "LYG-01": Rule(
        "D",
        {
            **{grade: f"D.cadre_{grade}" for grade in ("excellent", "qualified", "unqualified", "blank")},
            **dict.fromkeys(("classes", "voters", "by_class", "ballots"), convert.ballots_by_class),
            **{name: convert.ballots_of(name) for name in convert.VOTERS},
        },
    ),
    "LYG-02": Rule(
        "L",
        {
            "chief": convert.grades_or_scores("L.chief", "L.chief"),
            "deputy": convert.grades_or_scores("L.deputy", "L.deputy"),
        },
    ),
    "LYG-03": Rule("T", {"base": "=B", "key": "=K", "B": "=B", "K": "=K"}),
    "LYG-04": Rule("departmental_style", _STYLE),
    "LYG-05": Rule(
        "work",
        {
            "tasks": convert.main_tasks,
            **dict.fromkeys(("judged", "entered", "holistic", "points", "judged_total"), "work.judged_total"),
        },
        facts={"work.tasks": []},
    ),
    "LYG-B-J": Rule("B02", nodes={"0.5": "B05", "1": "B02", "1.5": "B04"}),
    "LYG-K1.1a": Rule(
        "K1.1a",
        {"items": convert.classes_to_rows("K1.1a.items", QUALITY_PROJECTS, _FIRST)},
        best="K1.1a.items",
    ),
    "LYG-K1.1b": Rule("K1.1b"),
    "LYG-K1.1": Rule("K1.1", {"a": "=K1.1a", "b": "=K1.1b"}),
    "LYG-K1.2": Rule("K1.2", best="K1.2.rate"),
    "LYG-K1.3": Rule("K1.3"),
    "LYG-K1.4": Rule("K1.4"),
    "LYG-K2.1": Rule("K2.1"),
    "LYG-K2.2": Rule("K2.2", {"contracted": "K2.2.contracted_wan", "received_wan": "K2.2.income_wan"}),
    "LYG-K3.1": Rule("K3.1"),
    "LYG-K3.2": Rule("K3.2"),
    "LYG-K3.3a": Rule("K3.3a", prefix="K3.3"),
    "LYG-K3.3b": Rule("K3.3b", prefix="K3.3"),
    "LYG-K3.4a": Rule("K3.4a"),
    "LYG-K3.4b": Rule("K3.4b"),
    "LYG-K4.1": Rule("K4.1", {"enrolled": "K4.enrolled"}),
    "LYG-K4.2": Rule("K4.2", {"enrolled": "K4.enrolled"}),
    "LYG-K4.3": Rule("K4.3", {"enrolled": "K4.enrolled"}),
    "LYG-K5.1a": Rule("K5.1a"),
    "LYG-K5.1b": Rule("K5.1b"),
    "LYG-K-J": Rule("K5.1c"),
    "LYG-K5.2a": Rule("K5.2a"),
    "LYG-K5.2b": Rule("K5.2b"),
    "LYG-K5.2c": Rule("K5.2c"),
    **{f"LYG-K5.3{part}": Rule(f"K5.3{part}") for part in "abcd"},
    "LYG-K5.3": Rule("K5.3", {part: f"=K5.3{part}" for part in "abcd"}),
    **{f"LYG-K5.4{part}": Rule(f"K5.4{part}") for part in "abc"},
    "LYG-K6a": Rule(
        "K6a", {"items": convert.classes_to_rows("K6a.items", RESEARCH, _FIRST)}, best="K6a.items"
    ),
    "LYG-K6b": Rule(
        "K6b",
        {
            "social_wan": convert.lists_to_rows("K6b.projects", "经费", {"领域": "社科"}),
            "natural_wan": convert.lists_to_rows("K6b.projects", "经费", {"领域": "自然科学"}),
        },
    ),
    "LYG-K6": Rule("K6", {"a": "=K6a", "b": "=K6b"}),
    "LYG-K7.1a": Rule("K7.1a", _TYPICAL, facts=_NONE),
    "LYG-K7.1b": Rule("K7.1b", _TYPICAL, facts=_NONE),
    "LYG-K7.2b": Rule("K7.2b"),
    "LYG-K8-V": Rule("K8", {"entered": convert.numbered(_K8), "points": "=K8"}),
}
"""Rules that give points, by rule id."""

BEST_CLASS = {"K1.1a.items": "innovation_provincial", "K6a.items": "paper_other"}
"""Achievement class worth one point, with which a stated best weight is laid out."""
