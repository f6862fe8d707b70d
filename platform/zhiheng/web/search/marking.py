"""Marks in found text (标亮): the words of the question, longest first, everything else escaped."""

import re
from collections.abc import Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

AROUND = 60


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text with every word in a ``<mark>``; long text is cut around the first one."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted:
        return escape(text)
    pattern = re.compile("|".join(re.escape(word) for word in wanted), re.IGNORECASE)
    text = _cut(text, pattern)
    pieces, at = [], 0
    for match in pattern.finditer(text):
        pieces += [escape(text[at : match.start()]), format_html("<mark>{}</mark>", match[0])]
        at = match.end()
    return mark_safe("".join([*pieces, escape(text[at:])]))  # noqa: S308  every piece is escaped


def _cut(text: str, pattern: re.Pattern[str]) -> str:
    first = pattern.search(text)
    if first is None or len(text) <= 2 * AROUND:
        return text
    start, end = max(0, first.start() - AROUND), min(len(text), first.end() + AROUND)
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
