"""What a reader reports beside the records (读取报告): repairs, warnings, and what was left out."""

from dataclasses import dataclass, field
from typing import Any

from integrations.importers.grid import Document, Line, Place


@dataclass(frozen=True, slots=True)
class Finding:
    """One repair or doubt (提示).  ``proposal`` is what the reading holds now; None where the reader refused to guess."""

    code: str
    message: str
    place: Place
    raw: str
    proposal: str | None = None
    about: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain data for the command and the wizard."""
        data = {"code": self.code, "message": self.message, "place": self.place.to_json(), "raw": self.raw}
        return data | {"proposal": self.proposal, "about": self.about}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece of the source that is in no record, with the reason (未采用)."""

    reason: str
    message: str
    place: Place
    raw: str

    def to_json(self) -> dict[str, Any]:
        """Plain data for the command and the wizard."""
        return {
            "reason": self.reason,
            "message": self.message,
            "place": self.place.to_json(),
            "raw": self.raw,
        }


LEFT_OUT = {
    "header": "表头",
    "heading": "标题",
    "caption": "表题",
    "contents": "目录",
    "front_matter": "封面或页眉",
    "repeat": "重复内容",
    "ghost": "识别残影",
    "mark_up": "标记残留",
    "no_words": "没有文字的残留",
    "empty_statement": "写明“无”",
    "label": "合并单元格的标签残片",
    "unused_column": "没有对应字段的列",
    "unclaimed": "没有归入任何记录",
    "shape": "表格形状不符，没有读取",
    "unknown_label": "不认识的栏目",
}


@dataclass
class Report:
    """Collects findings while reading; claims lines so that nothing is dropped silently (读取台账)."""

    warnings: list[Finding] = field(default_factory=list)
    repairs: list[Finding] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    _used: set[int] = field(default_factory=set)
    _dropped: list[tuple[Line, LeftOut, bool]] = field(default_factory=list)

    def warn(
        self, code: str, message: str, line: Line, proposal: str | None = None, *, about: str = ""
    ) -> None:
        """A repair or refusal that a person must look at (catalogue.md: W and R)."""
        self.warnings.append(Finding(code, message, line.place, line.text, proposal, about))

    def repair(
        self, code: str, message: str, line: Line, proposal: str | None = None, *, about: str = ""
    ) -> None:
        """A repair without doubt; the raw text is kept (catalogue.md: S)."""
        self.repairs.append(Finding(code, message, line.place, line.text, proposal, about))

    def claim(self, *lines: Line) -> None:
        """These lines are in a record."""
        self._used.update(id(line) for line in lines)

    def drop(self, reason: str, *lines: Line, message: str = "", part: str | None = None) -> None:
        """These lines are in no record, for this reason (key of LEFT_OUT).

        ``part``: only this piece of a line that is otherwise used.  A whole line that a record claims later is not
        listed.
        """
        for line in lines:
            raw = line.text if part is None else part
            if raw.strip():
                item = LeftOut(reason, message or LEFT_OUT[reason], line.place, raw)
                self._dropped.append((line, item, part is not None))

    def close(self, document: Document) -> None:
        """List every line that nothing claimed.  Call once, at the end."""
        lines = list(document.lines())
        told = self._used | {id(line) for line, _, _ in self._dropped}
        self.drop("unclaimed", *(line for line in lines if id(line) not in told))
        seen: set[tuple[int, str]] = set()
        for line, item, partial in self._dropped:
            key = (id(line), item.raw)
            if (partial or id(line) not in self._used) and key not in seen:
                self.left_out.append(item)
            seen.add(key)
        order = {line.place: number for number, line in reversed(list(enumerate(lines)))}
        for found in (self.left_out, self.warnings, self.repairs):
            found.sort(key=lambda item: order.get(item.place, 0))

    def to_json(self) -> dict[str, Any]:
        """``warnings``, ``repairs`` and ``left_out`` as plain data."""
        return {
            "warnings": [finding.to_json() for finding in self.warnings],
            "repairs": [finding.to_json() for finding in self.repairs],
            "left_out": [item.to_json() for item in self.left_out],
        }
