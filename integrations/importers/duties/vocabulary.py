"""A department's own names of posts and sections (岗位、科室名录) and the reading of damaged labels against them."""

import re
from collections import Counter
from dataclasses import dataclass, field

from integrations.importers.folding import similarity, squeeze

SECTION_END = re.compile(r"(?:科|室|中心|办公室|编辑部|部|处|所|院|馆|站|队)$")
POST_END = re.compile(r"(?:岗|长|主任|科员|编辑|秘书|员|书记|干事|助理|主管|专员|师)$")
LABEL_NOISE = re.compile(r"[\s•·_=￥¥£$'’‘`\"<>^~|\\/()（）\[\]【】]+")
NEAR = 0.6


def bare(text: str) -> str:
    """A label without white space, outer signs and stray brackets."""
    squeezed = squeeze(text)
    return squeezed.strip("•·_=¥£'‘’`\"<>|\\[]【】。.,，;；:：-—*")


@dataclass
class Names:
    """Known names with the number of rows that print them."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, name: str) -> None:
        """One more row that prints this name."""
        self.counts[name] += 1

    def __contains__(self, name: str) -> bool:
        return name in self.counts

    def exact(self, text: str) -> str | None:
        """The known name that this text is, or None."""
        name = bare(text)
        return name if name in self.counts else None

    def nearest(self, text: str) -> tuple[str, float] | None:
        """(name, likeness 0..1) of the known name nearest to a damaged text; None when nothing is near."""
        name = bare(text)
        if not name or not self.counts:
            return None
        scored = [(self._likeness(name, known), self.counts[known], known) for known in self.counts]
        best = max(scored)
        return (best[2], best[0]) if best[0] >= NEAR else None

    @staticmethod
    def _likeness(text: str, known: str) -> float:
        if len(text) >= 2 and (known.startswith(text) or known.endswith(text)):
            return 0.5 + 0.5 * len(text) / len(known)
        return similarity(text, known)


def looks_like_post(text: str) -> bool:
    """Judged by its ending."""
    return bool(POST_END.search(bare(text))) and len(bare(text)) <= 16


def looks_like_section(text: str) -> bool:
    """Judged by its ending."""
    return bool(SECTION_END.search(re.sub(r"[（(].*[）)]$", "", bare(text)))) and len(bare(text)) <= 20
