"""Folding of Chinese office text for comparison (归一化): width, white space, punctuation."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

_NOT_WORDS = re.compile(r"[\W_]+")
SHORT_LIST = 6
_SPACE = re.compile(r"\s+")
_CJK_SPACE = re.compile(r"(?<=[^\x00-\x7f])[ \u3000\xa0]+(?=[^\x00-\x7f])")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Half-width, lower case, only letters, figures and characters."""
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text)).lower()


def squeeze(text: str) -> str:
    """All white space removed (labels, names)."""
    return _SPACE.sub("", text)


def tidy(text: str) -> str:
    """Outer white space and spaces between Chinese characters removed; the words stay as they are."""
    return _CJK_SPACE.sub("", text.strip())


@lru_cache(maxsize=65536)
def similarity(one: str, other: str) -> float:
    """0..1 on folded text (longest matching blocks)."""
    left, right = fold(one), fold(other)
    if left == right:
        return 1.0
    if not left or not right:
        return 0.0
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


@lru_cache(maxsize=65536)
def pairs(text: str) -> frozenset[str]:
    """Neighbouring character pairs of the folded text."""
    folded = fold(text)
    return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))


def best_match(text: str, texts: Sequence[str]) -> tuple[float, int | None]:
    """(similarity, index) of the most similar text; only those that share most pairs are compared closely."""
    mine = pairs(text)
    shared = sorted(
        ((len(mine & pairs(other)) / (len(pairs(other)) + 1), index) for index, other in enumerate(texts)),
        reverse=True,
    )
    scored = [(similarity(text, texts[index]), -index) for share, index in shared[:SHORT_LIST] if share > 0]
    if not scored:
        return 0.0, None
    score, index = max(scored)
    return score, -index


def containment(part: str, whole: str) -> float:
    """Share of the character pairs of ``part`` that ``whole`` has, 0..1."""
    wanted = pairs(part)
    return len(wanted & pairs(whole)) / len(wanted) if wanted else 0.0
