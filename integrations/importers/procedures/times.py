"""Broken lines in a time cell (时间栏): pieces of one expression are joined, separate rules kept apart (A8)."""

import re

UNFINISHED = re.compile(
    r"(?:每年|每学年|每学期|每月|[-至到为、，,—–]|\d{1,2}月|[一二三四五六七八九十]+月|\d{1,2}|年)$"
)
RULE = re.compile(
    r"\d{1,2}\s*[月周日]|[一二三四五六七八九十]+\s*[月周]|每[年月周天日学]|学期|每学年|[春秋]季|[春秋]期|通知|为准"
)
GOES_ON = re.compile(r"^(?:[-至到、，,—–]|周期|一周期|完成|之?前|之?后|进行|考试$|左右|启动)")


def join_time_lines(lines: list[str]) -> str:
    """One text; separate rules are separated by ；, and a name stands before its time with a space."""
    parts: list[str] = []
    for line in (text.strip() for text in lines):
        if not line:
            continue
        if parts and _belongs(parts[-1], line):
            parts[-1] += line
        elif parts and _is_name(parts[-1]) and RULE.search(line):
            parts[-1] = f"{parts[-1]} {line}"
        else:
            parts.append(line)
    return "；".join(
        part.rstrip("；;") if index + 1 < len(parts) else part for index, part in enumerate(parts)
    )


def _belongs(before: str, line: str) -> bool:
    """Is this line the rest of the one before it?"""
    if before.endswith(("；", ";", "。")):
        return False
    if GOES_ON.match(line) or (not RULE.search(line) and not _is_name(line)):
        return True
    if " " in before or _is_name(before):
        return False
    return bool(UNFINISHED.search(before)) and not before.endswith("日") and len(line) <= 12


def _is_name(text: str) -> bool:
    """Words without any time: the name of what happens at the time on the next line."""
    return not RULE.search(text) and not re.search(r"\d", text) and len(text) >= 3
