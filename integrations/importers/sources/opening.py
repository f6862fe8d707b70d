"""Opens any supported file (打开文件): chooses the format by content, gives the common grid."""

from collections.abc import Callable

from integrations.importers.grid import Document
from integrations.importers.sources import delimited, docx, guard, text, xlsx
from integrations.importers.sources.pdf import reader as pdf

FORMATS: dict[str, Callable[[bytes, str], Document]] = {"docx": docx.read, "xlsx": xlsx.read, "pdf": pdf.read}


def open_document(data: bytes, name: str) -> Document:
    """The file in the common grid; ReaderError with code, reason and advice when it cannot be read."""
    kind = guard.kind_of(data)
    if kind == "text":
        return (delimited.read if name.lower().endswith(".csv") else text.read)(data, name)
    return FORMATS[kind](data, name)
