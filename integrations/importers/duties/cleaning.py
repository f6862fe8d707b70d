"""Cell text of duty catalogues (文字清理): mark-up, characters that recognition gets wrong in this genre, familiarity.

The raw cell stays in the record's place; corrections here are those that nobody could dispute (catalogue.md A 2.5 56).
"""

import re
from collections import Counter
from collections.abc import Iterable

TAGS = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,8}\s*/?>")
BULLET = re.compile(r"^\s*[-*•·]\s+(?=[(（\d])")
LATEX = {r"\geq": "≥", r"\leq": "≤", r"\times": "×", r"\%": "%"}
# Forms that only a misreading produces; each right-hand side is the usual word of the genre.
WORDS = {
    "0A": "OA",
    "项岗实习": "顶岗实习",
    "項岗实习": "顶岗实习",
    "项岗实": "顶岗实",
    "投拆": "投诉",
    "气馈": "反馈",
    "竞现": "兑现",
    "不起规": "不越规",
}
SIMPLIFIED = str.maketrans(
    "內規檢級時間們組織學業務區開關責計項際導進課證", "内规检级时间们组织学业务区开关责计项际导进课证"
)
CJK = re.compile(r"[\u4e00-\u9fff]")
CJK_GAP = re.compile(r"(?<=[\u4e00-\u9fff,;:、。，；：)）])[ \u3000]+(?=[\u4e00-\u9fff])")
LEGIBLE = 0.3


def clean(text: str) -> str:
    """Mark-up removed, single characters and words of the short list put right; spaces stay."""
    text = TAGS.sub("", text)
    for mark, sign in LATEX.items():
        text = text.replace(mark, sign)
    text = BULLET.sub("", text).translate(SIMPLIFIED).replace("\ufffd", "")
    for wrong, right in WORDS.items():
        text = text.replace(wrong, right)
    return text.strip()


def close_gaps(text: str) -> str:
    """Spaces between Chinese characters removed, as recognition puts them at line ends."""
    return CJK_GAP.sub("", re.sub(r"[ \t\n]+", " ", text)).strip()


def chinese(text: str) -> int:
    """Number of Chinese characters."""
    return len(CJK.findall(text))


def is_noise(text: str) -> bool:
    """No words at all: figures, letters or signs of vertical and graphic text (catalogue.md A 2.3 32)."""
    bare = re.sub(r"\s", "", text)
    if not bare:
        return True
    count = chinese(bare)
    if count == 0:
        return not re.fullmatch(r"\d{1,2}[.．]\d{1,2}([.．]\d{1,3})?[.．]?", bare)
    return len(set(CJK.findall(bare))) == 1 and count >= 6


class Familiarity:
    """How usual a text is in this very file: the share of its character pairs that stand elsewhere too (识别残影判断)."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.counts: Counter[str] = Counter()
        self.cells: Counter[str] = Counter()
        for text in texts:
            self.counts.update(set(_pairs(text)))
            self.cells[re.sub(r"\s", "", text)] += 1

    def of(self, text: str) -> float:
        """0..1; a ghost of a line is made of pairs that nobody else writes."""
        found = _pairs(text)
        if not found:
            return 0.0
        return sum(1 for pair in found if self.counts[pair] >= 2) / len(found)

    def repeated(self, text: str) -> bool:
        """Is there more than one cell with exactly this text?"""
        return self.cells[re.sub(r"\s", "", text)] >= 2

    def bridge(self, left: str, right: str) -> int | None:
        """How often the two characters at a seam stand together elsewhere; None when the seam is no pair of characters."""
        seam = left.rstrip()[-1:] + right.lstrip()[:1]
        return self.counts[seam] if len(CJK.findall(seam)) == 2 else None


def _pairs(text: str) -> list[str]:
    runs = re.findall(r"[\u4e00-\u9fff]+", text)
    return [run[i : i + 2] for run in runs for i in range(len(run) - 1)]
