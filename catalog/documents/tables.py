"""The catalogue as .xlsx: work and posts, standards, procedures, steps; one sheet each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

_HEAD = PatternFill("solid", fgColor="F4F1EC")
_SHEETS: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    ("职责与工作", (("部门", 18), ("职责序号", 9), ("职责", 48), ("范围", 9), ("工作序号", 9), ("具体工作", 42), ("科室", 16),
                 ("岗位", 16), ("参与岗位", 20))),
    ("工作标准", (("部门", 18), ("工作序号", 9), ("具体工作", 36), ("科室", 16), ("岗位", 16), ("标准序号", 10), ("工作标准", 64),
              ("来源位置", 18))),
    ("工作流程", (("章", 18), ("序号", 8), ("流程", 26), ("时间", 36), ("步数", 6), ("承担方", 24), ("工作标准", 60), ("来源位置", 18))),
    ("流程步骤", (("序号", 8), ("流程", 26), ("分流程", 16), ("步骤", 6), ("内容", 60), ("承担者", 24), ("承担者为推断", 12))),
)  # fmt: skip


def catalogue_xlsx(document: Mapping[str, Any]) -> bytes:
    """Workbook of a version; sheets without rows are left out, an empty version gives the first sheet with its head."""
    book = Workbook(write_only=True)
    parts = (_works(document), _standards(document), _procedures(document), _steps(document))
    filled = [(sheet, list(rows)) for sheet, rows in zip(_SHEETS, parts, strict=True)]
    for (title, columns), rows in [pair for pair in filled if pair[1]] or filled[:1]:
        _sheet(book, title, columns, rows)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _sheet(
    book: Workbook, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]
) -> None:
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, (_label, width) in enumerate(columns):
        sheet.column_dimensions["ABCDEFGHI"[place]].width = width
    head = []
    for label, _width in columns:
        cell = WriteOnlyCell(sheet, value=label)
        cell.font, cell.fill = Font(bold=True), _HEAD
        head.append(cell)
    sheet.append(head)
    for row in rows:
        sheet.append([_text(sheet, value) for value in row])


def _text(sheet: Any, value: Any) -> Any:
    """Text stays text, also when it begins like a formula; long text wraps."""
    if not isinstance(value, str):
        return value
    if not value.startswith("=") and len(value) < 24:
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="top")
    return cell


def _all_works(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    for department in document["departments"]:
        for duty in department["duties"]:
            for work in duty["works"]:
                yield department["name"], duty, work
        for work in department["loose"]:
            yield department["name"], {"no": "", "text": "", "scope": ""}, work


def _lead(work: Mapping[str, Any]) -> tuple[str, str]:
    return next(((section, post) for section, post, leads in work["posts"] if leads), ("", ""))


def _works(document: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    for department in document["departments"]:
        for duty in department["duties"]:
            if not duty["works"]:
                yield [department["name"], duty["no"], duty["text"], duty["scope"], "", "", "", "", ""]
    for name, duty, work in _all_works(document):
        others = "、".join("／".join(filter(None, (s, p))) for s, p, leads in work["posts"] if not leads)
        yield [name, duty["no"], duty["text"], duty["scope"], work["no"], work["text"], *_lead(work), others]


def _standards(document: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    for name, _duty, work in _all_works(document):
        for one in work["standards"]:
            text = "\n".join([one["text"], *(f"（{n}）{t}" for n, t in enumerate(one["sub_items"], 1))])
            yield [name, work["no"], work["text"], *_lead(work), one["no"], text, one["place"]]


def _procedures(document: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    for one in document["procedures"]:
        actors = list(dict.fromkeys(actor for _c, _t, named, _i in one["steps"] for actor in named))
        yield [one["chapter"], one["no"], one["title"], one["time"], len(one["steps"]), "、".join(actors),
               "\n".join(one["standards"]), one["place"]]  # fmt: skip


def _steps(document: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    for one in document["procedures"]:
        for number, (chain, text, actors, inferred) in enumerate(one["steps"], start=1):
            yield [one["no"], one["title"], chain, number, text, "、".join(actors), "是" if inferred else ""]
