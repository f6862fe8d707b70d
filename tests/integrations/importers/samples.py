"""Clean originals of an invented college, as its office would make them: Word with merged cells, Excel, plain text."""

import io
from typing import Any

import docx
import openpyxl

Work = tuple[str, str, str, str, list[str]]
Duty = tuple[str, str, list[Work]]
DEPARTMENTS: list[tuple[str, str, list[Duty]]] = [
    (
        "教务管理部",
        "一、教务管理部",
        [
            (
                "1",
                "统筹全校教学计划工作",
                [
                    ("1.1", "编制学年教学计划", "主管", "计划科", ["每年6月底前完成草案；", "征求全部学院意见；", "文本差错率为0。"]),
                    ("1.2", "审核专业调整申请", "计划员", "计划科", ["收到申请后5个工作日内审完；", "意见书面反馈。"]),
                ],
            ),
            (
                "2",
                "负责考试组织与成绩归档",
                [
                    ("2.1", "安排期末考试考场", "考务员", "考务科", ["考前15天公布考场；", "监考到岗率100%。"]),
                    ("2.2", "归档学生成绩单", "考务员", "考务科", ["开学两周内归档；", "差错率不超过0.1%；", "材料齐全。"]),
                    ("2.3", "处理成绩复查申请", "考务科长", "考务科", ["3个工作日内答复。"]),
                ],
            ),
        ],
    ),
    (
        "后勤服务中心",
        "二、后勤服务中心",
        [
            (
                "1",
                "保障校园水电运行",
                [
                    ("1.1", "巡检配电设施", "电工", "维修科", ["每周巡检一次并记录；", "故障2小时内到场。"]),
                    ("1.2", "抄录楼宇用水数据", "抄表员", "能源科", ["每月5日前抄完上月水表；", "差错率为0。"]),
                ],
            ),
            ("2", "管理学生食堂", [("2.1", "检查食品留样", "食品安全员", "膳食科", ["每日检查并登记；", "留样不少于48小时。"])]),
        ],
    ),
]  # fmt: skip
HEADER_4 = ("科室", "岗位", "具体化的工作", "工作标准")


def truth() -> dict[str, Any]:
    """The reading that every form of these documents must give."""
    departments = []
    for name, chapter, duties in DEPARTMENTS:
        works = [work for _, _, listed in duties for work in listed]
        departments.append(
            {
                "name": name,
                "chapter": chapter,
                "duties": [
                    {
                        "no": no,
                        "text": text,
                        "scope": "系统内",
                        "work_items": [_work(work) for work in listed],
                    }
                    for no, text, listed in duties
                ],
                "standards": [_entry(work) for work in works],
            }
        )
    return {"departments": departments}


def _work(work: Work) -> dict[str, Any]:
    return {"no": work[0], "text": work[1], "post": work[2], "section": work[3]}


def _entry(work: Work) -> dict[str, Any]:
    no, text, post, section, texts = work
    standards = [{"no": f"{no}.{k}", "starts": each[:12], "text": each} for k, each in enumerate(texts, 1)]
    return {
        "section": section,
        "post": post,
        "work_no": no,
        "work_text": text,
        "matches_work_no": no,
        "standards": standards,
    }


def _save(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _merge(table: Any, column: int, first: int, last: int) -> None:
    if last > first:
        table.cell(first, column).merge(table.cell(last, column))


def catalogue_docx(
    *, caption: str | None = "表 1-{}", header: tuple[str, ...] = HEADER_4, named: bool = True
) -> bytes:
    """Three tables per department with merged labels; ``caption`` None leaves the captions out."""
    document = docx.Document()
    document.add_paragraph("某职业学院部门职责与岗位标准")
    for name, chapter, duties in DEPARTMENTS:
        document.add_paragraph(chapter)
        if caption:
            document.add_paragraph(f"{caption.format(2)} {name}职责一览表")
        if named:
            document.add_paragraph(f"部门名称：{name}")
        _duty_table(document, duties)
        if caption:
            document.add_paragraph(f"{caption.format(3)} 岗位工作一览表")
        _work_table(document, duties)
        if caption:
            document.add_paragraph(f"{caption.format(4)} 科室岗位工作标准一览表")
        _standard_table(document, duties, header)
    return _save(document)


def _duty_table(document: Any, duties: list[Duty]) -> None:
    table = document.add_table(len(duties) + 1, 2)
    table.cell(0, 0).text = "系统内职责"
    _merge(table, 0, 0, len(duties) - 1)
    for row, (no, text, _) in enumerate(duties):
        table.cell(row, 1).text = f"{no}．{text}；"
    table.cell(len(duties), 0).text = "系统外职责"
    table.cell(len(duties), 1).text = "无"
    document.add_paragraph("")


def _work_table(document: Any, duties: list[Duty]) -> None:
    table = document.add_table(1 + sum(len(works) for _, _, works in duties), 4)
    for column, text in enumerate(("部门职责", "具体化的工作", "岗位", "科室")):
        table.cell(0, column).text = text
    row = 1
    for no, text, works in duties:
        table.cell(row, 0).text = f"{no}．{text}"
        _merge(table, 0, row, row + len(works) - 1)
        for work in works:
            for column, value in enumerate((f"{work[0]} {work[1]}", work[2], work[3]), start=1):
                table.cell(row, column).text = value
            row += 1
    document.add_paragraph("")


def _standard_table(document: Any, duties: list[Duty], header: tuple[str, ...]) -> None:
    works = [work for _, _, listed in duties for work in listed]
    table = document.add_table(len(works) + 1, 4)
    place = {text: column for column, text in enumerate(header)}
    for text, column in place.items():
        table.cell(0, column).text = text
    for row, work in enumerate(works, start=1):
        table.cell(row, place["具体化的工作"]).text = f"{work[0]} {work[1]}"
        cell = table.cell(row, place["工作标准"])
        for k, text in enumerate(work[4], start=1):
            paragraph = cell.paragraphs[0] if k == 1 else cell.add_paragraph()
            paragraph.add_run(f"{work[0]}.{k} {text}")
    for label, index in (("岗位", 2), ("科室", 3)):
        _merged_labels(table, place[label], [str(work[index]) for work in works])
    document.add_paragraph("")


def _merged_labels(table: Any, column: int, labels: list[str]) -> None:
    first = 0
    while first < len(labels):
        last = first
        while last + 1 < len(labels) and labels[last + 1] == labels[first]:
            last += 1
        table.cell(first + 1, column).text = labels[first]
        _merge(table, column, first + 1, last + 1)
        first = last + 1


def combined_docx(*, prefix: str = "{no}.{k} ") -> bytes:
    """One table per department from duty to standard; ``prefix`` numbers the standards, empty for none."""
    document = docx.Document()
    for name, _, duties in DEPARTMENTS:
        document.add_paragraph(f"部门名称：{name}")
        table = document.add_table(1 + sum(len(works) for _, _, works in duties), 5)
        for column, text in enumerate(("部门职责", "具体工作", "岗位", "科室", "工作标准")):
            table.cell(0, column).text = text
        row = 1
        for no, text, works in duties:
            table.cell(row, 0).text = f"{no}．{text}"
            _merge(table, 0, row, row + len(works) - 1)
            for work in works:
                lines = [prefix.format(no=work[0], k=k) + each for k, each in enumerate(work[4], 1)]
                values = (f"{work[0]} {work[1]}", work[2], work[3], "\n".join(lines))
                for column, value in enumerate(values, start=1):
                    table.cell(row, column).text = value
                row += 1
        document.add_paragraph("")
    return _save(document)


def catalogue_xlsx() -> bytes:
    """All tables on one sheet, captions in merged rows, one row per standard."""
    book = openpyxl.Workbook()
    sheet = book.active
    for name, chapter, duties in DEPARTMENTS:
        for text in (chapter, f"表1-2 {name}职责一览表", f"部门名称：{name}"):
            _wide(sheet, text)
        first = sheet.max_row + 1
        for no, text, _ in duties:
            sheet.append(["系统内职责" if no == "1" else None, f"{no}.{text}"])
        sheet.merge_cells(start_row=first, start_column=1, end_row=sheet.max_row, end_column=1)
        sheet.append(["系统外职责", "无"])
        _wide(sheet, "表1-3 岗位工作一览表")
        sheet.append(["部门职责", "具体化的工作", "岗位", "科室"])
        for no, text, works in duties:
            for position, work in enumerate(works):
                sheet.append(
                    [f"{no}.{text}" if position == 0 else None, f"{work[0]}{work[1]}", work[2], work[3]]
                )
        _wide(sheet, "表1-4 岗位工作标准一览表")
        sheet.append(list(HEADER_4))
        for work in (work for _, _, works in duties for work in works):
            _standard_rows(sheet, work)
        sheet.append([])
    return _save(book)


def _wide(sheet: Any, text: str) -> None:
    sheet.append([text])
    sheet.merge_cells(start_row=sheet.max_row, start_column=1, end_row=sheet.max_row, end_column=4)


def _standard_rows(sheet: Any, work: Work) -> None:
    first = sheet.max_row + 1
    for k, text in enumerate(work[4], 1):
        labels = [work[3], work[2], f"{work[0]}{work[1]}"] if k == 1 else [None] * 3
        sheet.append([*labels, f"{work[0]}.{k} {text}"])
    for column in (1, 2, 3):
        sheet.merge_cells(start_row=first, start_column=column, end_row=sheet.max_row, end_column=column)


SHEET_LABELS = ("项目", "时间", "工作内容", "学生处职责", "二级学院职责", "工作流程", "工作标准")
SHEETS = [
    (
        "1.1助学金评定",
        ("助学金评定", "每年9月-10月", "1.发布通知；\n2.评审公示。", "1.发布评定通知；\n2.复核名单；", "组织班级评议；\n上报推荐名单。",
         "发布评定通知（学生处）→组织班级评议（各学院）→上报推荐名单（二级学院）→复核名单（学生处）→辅导员通知获奖学生", "1.公开公正；\n2.按时上报。"),
    ),
    ("1.2宿舍检查", ("宿舍检查", "每2周一次", "宿舍卫生与安全检查", "制定检查方案；", "落实整改", "制定检查方案（学生处）->落实整改（二级学院、辅导员）", "检查有记录")),
]  # fmt: skip


def handbook_docx(*, upright: bool = False) -> bytes:
    """Procedure sheets of an invented college, labels in the first row or, ``upright``, in the first column."""
    document = docx.Document()
    document.add_paragraph("1.学生事务管理")
    for title, values in SHEETS:
        document.add_paragraph(title)
        table = document.add_table(7, 2) if upright else document.add_table(2, 7)
        for position, (label, value) in enumerate(zip(SHEET_LABELS, values, strict=True)):
            (table.cell(position, 0) if upright else table.cell(0, position)).text = label
            (table.cell(position, 1) if upright else table.cell(1, position)).text = value
    return _save(document)


def handbook_text() -> bytes:
    """The same sheets as flattened text: a tab before the first paragraph of each cell."""
    lines = ["1.学生事务管理"]
    for title, values in SHEETS:
        lines += [
            title,
            *(f"\t{label}" for label in SHEET_LABELS),
            "",
            *(f"\t{value}" for value in values),
            "",
            "",
        ]
    return "\n".join(lines).encode()
