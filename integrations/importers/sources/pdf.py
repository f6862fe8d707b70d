"""PDF with a text layer (.pdf): lines of each page; gaps of several spaces separate the cells."""

import io
import re

import pypdf
from pypdf.errors import PdfReadError, PyPdfError

from integrations.importers.errors import ReaderError
from integrations.importers.grid import Block, Cell, Document, Gap, Line, Paragraph, Place, Row, Table

COLUMN_GAP = re.compile(r"\s{3,}|\t")
MAX_PAGES = 1500


def read(data: bytes, name: str) -> Document:
    """Pages in order; ReaderError ``encrypted``, ``damaged``, ``huge`` or ``no_text_layer``."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReaderError("encrypted")
        if len(reader.pages) > MAX_PAGES:
            raise ReaderError("huge", detail=f"{len(reader.pages)} 页")
        pages = [page.extract_text(extraction_mode="layout") for page in reader.pages]
    except ReaderError:
        raise
    except (PyPdfError, PdfReadError, ValueError, KeyError, TypeError, OSError, RecursionError) as error:
        raise ReaderError("damaged") from error
    if not any(page.strip() for page in pages):
        raise ReaderError("no_text_layer")
    blocks: list[Block] = []
    for number, page in enumerate(pages, start=1):
        _page(blocks, number, page)
    return Document(name, blocks, flattened=True)


def _page(blocks: list[Block], number: int, page: str) -> None:
    for count, raw in enumerate(page.split("\n"), start=1):
        place = Place(page=number, line=count)
        parts = COLUMN_GAP.split(raw.rstrip())
        if not raw.strip():
            blocks.append(Gap(place))
        elif len(parts) == 1:
            blocks.append(Paragraph(Line(raw.strip(), place)))
        else:
            if not blocks or not isinstance(blocks[-1], Table):
                blocks.append(Table())
            table = blocks[-1]
            if isinstance(table, Table):
                table.rows.append(Row(tuple(_cell(part, place) for part in parts), place))
    blocks.append(Gap(Place(page=number)))


def _cell(text: str, place: Place) -> Cell:
    return Cell((Line(text.strip(), place),) if text.strip() else ())
