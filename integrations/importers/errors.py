"""What a reader says when it cannot read a file (读取错误)."""

from dataclasses import dataclass

from integrations.importers.grid import Place


@dataclass(frozen=True)
class Reason:
    """Chinese sentence for the person, and what to do next."""

    reason: str
    advice: str


REASONS: dict[str, Reason] = {
    "empty": Reason("文件是空的", "请确认选对了文件再上传。"),
    "huge": Reason("文件太大", "请删去图片或分册上传。"),
    "bomb": Reason("压缩内容展开后过大，可能已损坏", "请用 Word 或 Excel 打开后另存一份再上传。"),
    "damaged": Reason("文件已损坏，打不开", "请用 Word 或 Excel 打开后另存一份再上传。"),
    "encrypted": Reason("文件设了打开密码", "请去掉密码后再上传。"),
    "macros": Reason("文件带有宏", "请另存为不带宏的 .docx 或 .xlsx 再上传。"),
    "old_format": Reason("这是旧版 Office 格式", "请另存为 .docx 或 .xlsx 再上传。"),
    "wrong_format": Reason("不是可以读取的格式", "可以读取 .docx、.xlsx、.csv、.txt 和带文字的 .pdf。"),
    "no_text_layer": Reason("PDF 里只有图片，没有文字", "请上传 Word 原件，或先做文字识别。"),
    "no_text": Reason("文件里没有文字", "请确认选对了文件再上传。"),
    "encoding": Reason("文字编码认不出来", "请另存为 UTF-8 编码的文本再上传。"),
    "no_reader": Reason("没有认出职责表或工作流程表", "请用列对应向导指明每一列的含义。"),
    "no_columns": Reason("没有一张表有必需的列", "请用列对应指明哪一列是什么。"),
    "several_readers": Reason("同时像几种表，无法自动判断", "请指明按哪一种读取。"),
}


@dataclass(frozen=True)
class CellProblem:
    """One cell that cannot be taken: code, place, column, what it holds, Chinese reason, advice (单元格问题)."""

    code: str
    place: Place
    column: str
    raw: str
    reason: str
    advice: str

    def __str__(self) -> str:
        return f"{self.place}“{self.column}”：{self.raw or '空'}，{self.reason}。{self.advice}"


class ReaderError(Exception):
    """One expected failure of reading: closed code, place in the file, Chinese reason, advice."""

    def __init__(self, code: str, *, place: Place | None = None, detail: str = "") -> None:
        known = REASONS[code]
        super().__init__(code)
        self.code = code
        self.place = place
        self.reason = f"{known.reason}（{detail}）" if detail else known.reason
        self.advice = known.advice

    def __str__(self) -> str:
        where = f"{self.place}：" if self.place else ""
        return f"{where}{self.reason}。{self.advice}"
