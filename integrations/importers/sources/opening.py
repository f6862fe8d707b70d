"""Opens any supported file (打开文件): chooses the format by content, gives the common grid."""

from importlib import import_module

from integrations.importers.grid import Document
from integrations.importers.sources import delimited, guard, text

FORMATS = {"docx": "docx", "xlsx": "xlsx", "pdf": "pdf.reader"}
"""Module of each packed format; its library is loaded when such a file comes."""


def open_document(data: bytes, name: str) -> Document:
    """The file in the common grid; ReaderError with code, reason and advice when it cannot be read."""
    kind = guard.kind_of(data)
    if kind == "text":
        return (delimited.read if name.lower().endswith(".csv") else text.read)(data, name)
    document: Document = import_module(f"integrations.importers.sources.{FORMATS[kind]}").read(data, name)
    return document
