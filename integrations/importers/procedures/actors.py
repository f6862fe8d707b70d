"""Who acts (责任主体): units and roles in workflow brackets, their written forms, and inference where none is written."""

import re
from dataclasses import dataclass, field

from integrations.importers.folding import containment, fold, similarity, squeeze

TEACHING_UNITS = ("系部", "系（部）", "系、部", "系", "院系", "院（系）", "院部", "二级学院", "二级院系", "教学系", "教学单位", "教学部门",
                  "学院", "分院", "各系部")  # fmt: skip
UNIT_ENDS = ("处", "部", "室", "院", "系", "委", "办", "科", "馆", "会", "所", "局", "厅", "站", "区", "中心", "小组", "团队", "相关方", "部门",
             "单位", "公司", "企业", "班级", "学校", "书店", "银行")  # fmt: skip
ROLE_ENDS = ("主任", "处长", "科长", "部长", "院长", "校长", "书记", "教师", "老师", "辅导员", "班主任", "学生", "秘书", "负责人", "管理员", "专家", "领导",
             "干事", "督导", "督导员", "组长", "委员", "教务员", "考生", "毕业生", "员工", "职工", "人员", "评委", "承办人", "经办人")  # fmt: skip
NOT_UNITS = ("部分", "全部", "内部", "外部", "会议", "大会", "机会", "社会", "内容")
TEACHING_ROLES = ("教学秘书", "系部秘书", "系秘书", "系部主任", "系主任", "教研室主任", "辅导员", "班主任", "任课教师", "学习委员", "专业带头人",
                  "系部负责人", "学生", "教师")  # fmt: skip
PREFIXES = ("各相关", "各有关", "各", "相关", "有关", "本", "其他", "其它", "所有", "全体", "全")
SPLIT = re.compile(r"[、，,/；;&]|\s+|(?<=[\u4e00-\u9fff]{2})[和与及](?=[\u4e00-\u9fff]{2})")
DIRECTION = re.compile(r"^(?P<giver>[^到向至→]{2,12})(?:到|向|至)(?P<receiver>[^到向至→]{2,12})$")
OUTSIDE = re.compile(
    r"^(?!根据|按照|依据|按|经|报|向|结合)(?:[\u4e00-\u9fff]{0,3}(?:市|省|区|县))?(?:教委|教育厅|教育局|教育部|考试院|人社[厅局]|财政[厅局]|发改委|教育评估院)"
)
LEAD_VERBS = re.compile(r"下发|发布|公布|出台|印发|评审|论证|审批|批准|通报|汇总|统筹")
UNIT_VERBS = re.compile(r"上报|报送|提交|组织学生|组织实施")
STRONG, WEAK = 0.8, 0.55


@dataclass(frozen=True)
class Actors:
    """Actors of a step in the order written; ``source`` tells how they were found, empty when the bracket names them."""

    names: tuple[str, ...]
    text: str | None = None
    recipients: tuple[str, ...] = ()
    source: str = ""
    why: str = ""
    doubts: tuple[str, ...] = ()


@dataclass
class Cast:
    """The parties of one handbook (责任方): names from the duty columns, and how they are written in brackets."""

    parties: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)

    def add_party(self, name: str) -> None:
        """A unit that has a duty column."""
        if name not in self.parties:
            self.parties.append(name)

    def teaching_party(self) -> str | None:
        """The party that stands for every teaching unit, if there is one."""
        return next((party for party in self.parties if _bare(party) in TEACHING_UNITS), None)

    def lead_party(self) -> str | None:
        """The first party that is not the teaching units: the office in charge."""
        teaching = self.teaching_party()
        return next((party for party in self.parties if party != teaching), None)

    def canonical(self, written: str) -> tuple[str, str]:
        """(canonical name, doubt code or empty) of a unit as written."""
        name = squeeze(written)
        if name in self.parties:
            return name, ""
        bare = _bare(name)
        for party in self.parties:
            if bare == _bare(party):
                return party, "which_unit" if name.startswith(("相关", "有关", "各相关")) else ""
        teaching = self.teaching_party()
        if teaching and bare in TEACHING_UNITS and not name.startswith("其"):
            return teaching, "unit_alias" if bare == "学院" else ""
        longer = [party for party in self.parties if party.startswith(name) and len(name) >= 2]
        if len(longer) == 1:
            return longer[0], "unit_shortened"
        return self.aliases.get(name, name), "which_unit" if name.startswith(
            ("其他相关", "相关", "有关")
        ) else ""

    def knows(self, written: str) -> bool:
        """Is this a unit or role, judged by the parties, by its ending, or by how often it stands in brackets?"""
        name = squeeze(written)
        if not 1 < len(name) <= 14 or name in NOT_UNITS or re.search(r"[\d：:“”《》。]", name):
            return False
        if self.canonical(name)[0] in self.parties or self.written.get(name, 0) >= 3:
            return True
        return name.endswith(UNIT_ENDS) or name.endswith(ROLE_ENDS)

    def read(self, bracket: str) -> Actors | None:
        """Actors of a bracket's text, or None when it is an explanation (C7, C8, C11, C12)."""
        text = bracket.strip().rstrip("。；;，,")
        match = DIRECTION.match(squeeze(text))
        if match and self.knows(match["giver"]) and self.knows(match["receiver"]):
            giver, receiver = self.canonical(match["giver"])[0], self.canonical(match["receiver"])[0]
            return Actors((giver,), text, (receiver,), doubts=("direction",))
        whole = self.canonical(text)[0]
        parts = [text] if whole in self.parties else [part for part in SPLIT.split(text) if part]
        if not parts or not all(self.knows(part) for part in parts):
            return None
        found = [self.canonical(part) for part in parts]
        names = tuple(dict.fromkeys(name for name, _ in found))
        return Actors(names, text, doubts=tuple(dict.fromkeys(doubt for _, doubt in found if doubt)))

    def leading(self, sentence: str) -> tuple[str, ...]:
        """Units that are the subject at the head of a sentence (C5)."""
        found: list[str] = []
        rest = squeeze(sentence).removeprefix("由")
        while name := self._head(rest):
            found.append(name[0])
            rest = rest[len(name[1]) :]
            joint = re.match(r"[、和与及]", rest)
            if not joint:
                break
            rest = rest[1:]
        return tuple(dict.fromkeys(found))

    def _head(self, text: str) -> tuple[str, str] | None:
        forms = [prefix + party for party in self.parties for prefix in ("", "各", "本")]
        forms += [name for name in self.written if self.knows(name) and name.endswith(UNIT_ENDS)]
        for form in sorted(forms, key=len, reverse=True):
            if text.startswith(form) and not text[len(form) :].startswith(("的", "所", "职责")):
                return self.canonical(form)[0], form
        match = OUTSIDE.match(text)
        return (match[0], match[0]) if match else None


def _bare(name: str) -> str:
    bare = squeeze(name).replace("(", "（").replace(")", "）")
    for prefix in PREFIXES:
        if bare.startswith(prefix) and len(bare) > len(prefix):
            bare = bare[len(prefix) :]
            break
    return bare


def infer(step: str, cast: Cast, duties: dict[str, list[str]]) -> Actors | None:
    """A likely actor for a step without bracket (C4-C6): its duty, its subject, its role, its verb.  Always to confirm."""
    party, score, duty = _best_duty(step, duties)
    if party and score >= STRONG:
        return Actors((party,), source="duty_match", why=duty)
    subject = cast.leading(step)
    if subject:
        return Actors(subject, source="subject_of_sentence", why=step)
    teaching = cast.teaching_party()
    role = next((role for role in TEACHING_ROLES if squeeze(step).startswith(role)), None)
    if role and teaching:
        return Actors((teaching,), source="role_in_text", why=role)
    lead = cast.lead_party()
    if lead and (verb := LEAD_VERBS.search(step)):
        return Actors((lead,), source="context", why=verb[0])
    if party and score >= WEAK:
        return Actors((party,), source="duty_match", why=duty)
    if teaching and (verb := UNIT_VERBS.search(step)):
        return Actors((teaching,), source="context", why=verb[0])
    return None


def _best_duty(step: str, duties: dict[str, list[str]]) -> tuple[str, float, str]:
    best = ("", 0.0, "")
    for party, texts in duties.items():
        for text in texts:
            score = (
                1.0
                if fold(step) == fold(text)
                else max(similarity(step, text), containment(step, text) * 0.95)
            )
            if score > best[1]:
                best = (party, score, text)
    return best


def named_in_sentence(step: str, cast: Cast) -> tuple[str, ...]:
    """Units listed at the head of a sentence before 共同/联合 (C9: 各相关方)."""
    head = re.match(r"^(.{2,40}?)(?:共同|联合|一起|协同)", squeeze(step))
    if not head:
        return ()
    parts = [part for part in SPLIT.split(head[1]) if part]
    return tuple(cast.canonical(part)[0] for part in parts) if all(cast.knows(part) for part in parts) else ()
