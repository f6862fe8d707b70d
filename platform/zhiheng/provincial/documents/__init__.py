"""Files of a provincial report, from its frozen document (pure: data in, bytes out)."""

from zhiheng.provincial.documents.spreadsheet import report_xlsx
from zhiheng.provincial.documents.word import report_docx

__all__ = ["report_docx", "report_xlsx"]
