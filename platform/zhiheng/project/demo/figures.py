"""Plausible figures for the demo: every measure of a scheme, for every unit, from a seed.

A unit has a latent quality between 0 and 1 that moves a little from year to year, so that ranks tell a story.  What a
measure means is read off its title; the first rule that fits decides.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.values import Cell, Measure
from zhiheng.kernel.numbers import plain

NEGATIVE = re.compile(
    "迟|误|缺|未|违|旷|通报|差|扣|事故|流失|不规范|不当|错|少|事件|无记录|免责|督查|不合格|脱岗|处分|倒数|没有|严重|中断|泄漏|抽检"
)


@dataclass
class Year:
    """What a figure depends on: the unit's quality in the year, its size, and the random numbers of the cell."""

    quality: float
    students: int
    teachers: int
    full: Decimal
    """Points of the leaf that the measure feeds, for judged points."""
    random: random.Random

    def rate(self, low: float, high: float) -> Decimal:
        """A share around the unit's quality, three decimals."""
        spread = low + (high - low) * min(1.0, max(0.0, self.quality + self.random.gauss(0, 0.12)))
        return Decimal(f"{min(high, spread):.3f}")

    def whole(self, low: int, high: int) -> int:
        """A count around the unit's quality."""
        return round(low + (high - low) * min(1.0, max(0.0, self.quality + self.random.gauss(0, 0.2))))

    def rare(self, most: int = 3) -> int:
        """A count of bad things: mostly none, more where quality is low."""
        return min(most, int(self.random.expovariate(1.0) * (1.15 - self.quality) * 1.6))

    def points(self) -> Decimal:
        """Judged points in steps of a tenth, or a hundredth where the leaf has less than one point."""
        share = min(1.0, max(0.5, 0.8 + 0.2 * self.quality + self.random.gauss(0, 0.06)))
        return (self.full * Decimal(f"{share:.4f}")).quantize(
            Decimal("0.1") if self.full >= 1 else Decimal("0.01")
        )


Maker = Callable[[Year], Any]
RULES: tuple[tuple[str, Maker], ...] = (
    (r"评定分|judged$", Year.points),
    (r"百分制得分|评审分|活动成绩", lambda y: y.rate(72, 99).quantize(Decimal("0.1"))),
    (r"重点任务计划数|应发通报数", lambda y: y.random.randint(8, 16)),
    (r"常规任务计划数", lambda y: y.random.randint(24, 40)),
    (r"优秀票", lambda y: y.whole(20, 48)),
    (r"不合格票|弃权票", lambda y: y.rare(2)),
    (r"合格票", lambda y: y.random.randint(4, 18)),
    (r"评优秀人数|评合格人数|评不合格人数", lambda _: None),
    (r"计算月数", lambda _: 9),
    (
        r"抽检不合格率",
        lambda y: Decimal(f"{max(0.0, 0.12 - 0.12 * y.quality + y.random.gauss(0, 0.01)):.3f}"),
    ),
    (r"就业对口率", lambda y: y.rate(0.5, 0.82)),
    (r"初次就业率", lambda y: y.rate(0.70, 0.93)),
    (r"专升本录取率|订单培养|共同开发课程|录用顶岗", lambda y: y.rate(0.1, 0.55)),
    (r"双师素质教师占比", lambda y: y.rate(0.45, 0.95)),
    (r"兼职教师与专任教师之比", lambda y: y.rate(0.10, 0.35)),
    (r"预算执行率|收缴率", lambda y: y.rate(0.68, 1.0)),
    (r"率|覆盖|占比", lambda y: y.rate(0.80, 1.0)),
    (r"培训人日数", lambda y: round(y.students * float(y.rate(0.3, 1.4)))),
    (r"社会培训人数", lambda y: round(y.students * float(y.rate(0.5, 1.7)))),
    (r"报名应征男生数", lambda y: round(y.students * 0.5 * float(y.rate(0.006, 0.025)))),
    (r"男生数", lambda y: round(y.students * 0.5)),
    (r"助学贷款学生数", lambda y: round(y.students * float(y.rate(0.06, 0.15)))),
    (r"报到新生数", lambda y: round(y.students * float(y.rate(0.28, 0.36)))),
    (r"招生任务数", lambda y: round(y.students * 0.33)),
    (r"达标学生数", lambda y: round(y.students * float(y.rate(0.3, 0.8)))),
    (r"借阅达标人次", lambda y: round(y.teachers * float(y.rate(0.5, 1.9)))),
    (r"借阅考核总人次", lambda y: y.teachers * 2),
    (r"在校生|学生数|毕业人数|学生人数", lambda y: y.students),
    (r"专业教师数|教职工数|在岗.*(数|人数)|满六个月职工", lambda y: y.teachers),
    (r"培训人次|实践人次", lambda y: round(y.teachers * float(y.rate(0.1, 0.5)))),
    (r"年终考核优秀名额|平时考核好名额|教育工作者名额", lambda y: max(1, round(y.teachers * 0.15))),
    (r"项目经费|到账收入", lambda y: y.rate(20, 190).quantize(Decimal("0.1"))),
    (r"成果积分|获奖积分", lambda y: y.whole(10, 120)),
    (r"人均调停课学时", lambda y: y.rate(0.5, 2.2)),
    (r"培训学时|教育学时", lambda y: y.whole(3, 30)),
    (r"平均共同开发教材数", lambda y: y.rate(0.1, 1.2)),
    (r"稿件数", lambda y: y.whole(12, 46)),
    (r"专业总数|招生专业数", lambda y: y.random.randint(5, 9)),
    (r"合作企业数", lambda y: y.whole(1, 14)),
    (
        r"志愿服务|公开课|社会实践|入驻|挂靠|指导教师|创业竞赛|项数|项目数|次数|场次|队数|数$",
        lambda y: y.whole(1, 7),
    ),
)
REGISTERS: Mapping[str, tuple[str, ...]] = {
    "K1.1a.items": (
        "课程教材资源库·省级",
        "信息化与技能大赛·省级三等",
        "信息化与技能大赛·省级二等",
        "学生创新训练·省级",
        "专业基地成果奖团队·省级",
    ),
    "K6a.items": (
        "论文·其他",
        "论文·核心",
        "课题·校级或横向",
        "课题·市级",
        "专利·实用新型或软件著作权",
        "课题·省级",
    ),
}
COLLEGE = {
    "G8.pool": "300000", "G8.per_project": "10000", "pay.rate_per_head": "1200", "awards.bonus": "10000",
}  # fmt: skip


def make(measure: Measure, year: Year) -> Cell | None:
    """The cell of one measure; None where nothing would have been reported."""
    kind, title, code = measure["type"], measure["title"], measure["code"]
    if kind == "boolean":
        return Cell("value", _truth(title, code, year))
    if kind == "list":
        return Cell("value", _list(title, code, year))
    if kind == "register":
        return Cell("value", _rows(code, year))
    if kind == "text":
        return (
            Cell("value", measure["options"][0 if year.teachers > 45 else -1])
            if measure.get("options")
            else None
        )
    if kind == "date" or _optional(measure):
        return None
    value = _number(title, year)
    return None if value is None else Cell("value", _fit(measure, value))


def _optional(measure: Measure) -> bool:
    wanted = ("名额", "职工数", "在岗人数", "满意度")
    return measure.get("missing") == "not_applicable" and not (
        measure["title"] == "满意度" or any(word in measure["title"] for word in wanted[:3])
    )


def _number(title: str, year: Year) -> Any:
    if NEGATIVE.search(title) and not re.search("评定分|票|率|人数$", title):
        return year.rare()
    maker = next((make for pattern, make in RULES if re.search(pattern, title)), None)
    return maker(year) if maker else year.whole(1, 6)


def _fit(measure: Measure, value: Any) -> str:
    number = Decimal(value)
    if measure.get("max") is not None:
        number = min(number, Decimal(str(measure["max"])))
    if measure["type"] == "integer":
        number = number.quantize(Decimal(1))
    return plain(number)


def _truth(title: str, code: str, year: Year) -> bool:
    if code == "applied":
        return year.quality > 0.78
    if NEGATIVE.search(title):
        return year.random.random() < 0.06 * (1.2 - year.quality)
    return year.random.random() < 0.65 + 0.35 * year.quality


def _list(title: str, code: str, year: Year) -> list[str]:
    if code.endswith(".scores"):
        return [plain(year.rate(7.5, 10).quantize(Decimal("0.1"))) for _ in range(5)]
    if "校领导打分" in title:
        return [plain(year.rate(78, 98).quantize(Decimal(1))) for _ in range(2 if "正职" in title else 4)]
    if "率" in title:
        return [plain(year.rate(0.75, 1.0)) for _ in range(4)]
    if "荣誉" in title:
        return [str(year.random.choice((2, 3, 5, 8))) for _ in range(year.whole(0, 2))]
    if "扣分" in title:
        return ["0.2"] * year.rare(1)
    if "每月" in title:
        return [str(year.whole(1, 3) + 1) for _ in range(10)]
    return [str(year.whole(1, 2) + (4 if "学习" in title else 0)) for _ in range(2)]


def _rows(code: str, year: Year) -> list[dict[str, Any]]:
    if code in REGISTERS:
        kinds = REGISTERS[code]
        return [_result(year.random.choice(kinds), number) for number in range(year.whole(0, 4))]
    if code == "K6b.projects":
        return [
            {
                "项目": f"项目{n}",
                "领域": year.random.choice(("社科", "自然科学")),
                "经费": plain(year.rate(1, 9)),
            }
            for n in range(1, year.whole(0, 3) + 1)
        ]
    if code == "work.tasks":
        return [_task(number, year) for number in range(5, year.random.randint(12, 16))]
    if code == "G6.entries" and year.random.random() < 0.3:
        return [{"项目": "创新项目", "评审分": plain(year.rate(70, 96).quantize(Decimal("0.1")))}]
    return []


def _result(kind: str, number: int) -> dict[str, Any]:
    return {"类别": kind, "成果": f"成果{number + 1}", "事项": "立项", "署名": "第一", "参与单位数": "1"}


def _task(number: int, year: Year) -> dict[str, Any]:
    done = Decimal(1) if year.random.random() < 0.6 + 0.38 * year.quality else year.rate(0.5, 0.95)
    return {
        "编号": str(number),
        "任务": f"主要工作{number}",
        "完成度": plain(done),
        "权重": "1",
        "免责": False,
    }
