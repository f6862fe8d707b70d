"""Words of a question (检索用语): “新生注册归谁管？” is a search for 新生注册; near synonyms widen it."""

import re
from dataclasses import dataclass

NOISE = re.compile(
    r"(这项|这个|这件)?(工作|事情|事)?(应该|应当|该)?"
    r"(归谁管理|归谁管|归谁|由谁负责|由谁管|由谁|是谁负责|是谁管|谁来负责|谁负责|谁来管|谁管|谁来做|谁办理|谁办|谁做|找谁|哪个部门管|"
    r"哪个部门负责|哪个部门|什么时候|何时|几月|怎么办理|怎么办|怎么做|怎么|怎样|如何办理|如何办|如何|是什么|有哪些)|(?<=.{2})的?(工作|流程|标准|职责)?吗?[?？]"
)
MARKS = re.compile(r"[\s,，、。；;：:?？!！“”\"'（）()《》]+")
SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("毕业设计", "毕业论文"),
    ("查重", "重复率", "学术不端"),
    ("调课", "停课", "调停课"),
    ("实习", "岗位实习", "顶岗实习"),
    ("评教", "学生评教", "教学评价"),
    ("转专业", "休学", "复学", "退学", "学籍异动"),
    ("请假", "考勤"),
    ("排课", "课表", "编排课表"),
    ("补考", "重修"),
    ("毕业证", "学历证书", "毕业证书"),
    ("照相", "拍照", "图像采集", "图像信息采集"),
    ("竞赛", "大赛", "技能竞赛"),
    ("教材", "教材征订", "教材选用"),
    ("人培", "人才培养方案"),
    ("课时费", "课时津贴", "课时统计"),
    ("报销", "报账"),
    ("采购", "招标"),
    ("普通话", "普通话测试", "普通话水平测试"),
)
PIECE = 2


@dataclass(frozen=True)
class Term:
    """One word of the question with the words that count as the same."""

    word: str
    also: tuple[str, ...] = ()

    @property
    def variants(self) -> tuple[str, ...]:
        """The word itself first."""
        return (self.word, *self.also)


def terms_of(question: str, *, synonyms: bool = True) -> list[Term]:
    """The words that a question asks about, at most six, without filler; the whole text when nothing else remains."""
    plain = question.replace("\0", "")[:100]
    rest = NOISE.sub(" ", plain)
    words = [word for word in MARKS.split(rest) if word] or [word for word in MARKS.split(plain) if word]
    return [Term(word, near(word) if synonyms else ()) for word in dict.fromkeys(words[:6])]


def near(word: str) -> tuple[str, ...]:
    """Near synonyms: those of a group that holds the word, and the word with one of its parts exchanged."""
    found: list[str] = []
    for group in SYNONYMS:
        if word in group:
            found += [other for other in group if other != word]
        else:
            held = next((one for one in sorted(group, key=len, reverse=True) if one in word), None)
            if held:
                found += [word.replace(held, other) for other in group if other != held and other not in word]
    return tuple(dict.fromkeys(one for one in found if one != word))


def pieces(terms: list[Term]) -> list[str]:
    """Two-character pieces of the words, for a question that nothing answers as a whole."""
    found = [term.word[at : at + PIECE] for term in terms for at in range(max(1, len(term.word) - PIECE + 1))]
    return list(dict.fromkeys(piece for piece in found if len(piece) == PIECE))[:12]
