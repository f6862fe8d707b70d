"""Sorting and finding Chinese names (拼音排序): keys that plain byte order sorts correctly."""

import unicodedata

from pypinyin import Style, lazy_pinyin

_SURNAMES = {
    "单": "shan4", "解": "xie4", "仇": "qiu2", "区": "ou1", "查": "zha1", "朴": "piao2", "盖": "ge3", "曾": "zeng1",
    "任": "ren2", "华": "hua4", "纪": "ji3", "洗": "xian3", "乐": "yue4", "宁": "ning4", "缪": "miao4", "葛": "ge3",
    "翟": "zhai2", "召": "shao4", "黑": "he4", "员": "yun4", "秘": "bi4", "折": "she2", "晟": "cheng2",
}  # fmt: skip


def sort_key(name: str) -> str:
    """Pinyin syllables with tone digits, then the name itself, so that equal sounds keep one order."""
    return _key(lazy_pinyin(_clean(name), style=Style.TONE3, neutral_tone_with_five=True), name)


def person_sort_key(name: str) -> str:
    """Like ``sort_key``, reading the first character as a surname (单 is shàn, 曾 is zēng)."""
    text = _clean(name)
    syllables = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True)
    if syllables and text[0] in _SURNAMES:
        syllables[0] = _SURNAMES[text[0]]
    return _key(syllables, name)


def initials(name: str) -> str:
    """First letters of the syllables, lower case: 教务处 is ``jwc``.  Letters and digits stay."""
    parts = lazy_pinyin(_clean(name), style=Style.FIRST_LETTER)
    return "".join(ch for part in parts for ch in part.lower() if ch.isalnum())[:40]


def _clean(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def _key(syllables: list[str], name: str) -> str:
    return f"{' '.join(s.lower() for s in syllables)}|{name}"[:400]
