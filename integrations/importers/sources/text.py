"""Flattened text (纯文本): one line per row or paragraph, cells separated by tabs, empty lines as page breaks."""

from integrations.importers.errors import ReaderError
from integrations.importers.grid import Block, Cell, Document, Gap, Line, Paragraph, Place, Row, Table

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
PLAUSIBLE_SHARE = 0.7


def decode(data: bytes) -> str:
    """Text of a file in UTF-8, UTF-16 or GB 18030; ReaderError ``encoding`` or ``wrong_format`` otherwise."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _plausible(text):
            break
        return text
    raise ReaderError("wrong_format" if b"\x00" in data else "encoding")


def _plausible(text: str) -> bool:
    sample = text[:20000]
    odd = sum(
        1 for char in sample if (ord(char) < 32 and char not in "\t\r\n\f\v") or "\ue000" <= char <= "\uf8ff"
    )
    return odd <= len(sample) * (1 - PLAUSIBLE_SHARE) and "\x00" not in sample


def read(data: bytes, name: str) -> Document:
    """Lines with a tab become table rows; other lines paragraphs; empty lines gaps."""
    blocks: list[Block] = []
    for number, raw in enumerate(decode(data).replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        place = Place(line=number)
        if not raw.strip() and "\t" not in raw:
            blocks.append(Gap(place))
        elif "\t" in raw:
            _table(blocks).rows.append(_row(raw, place))
        else:
            blocks.append(Paragraph(Line(raw.strip("\f"), place)))
    return Document(name, blocks, flattened=True)


def _table(blocks: list[Block]) -> Table:
    if blocks and isinstance(blocks[-1], Table):
        return blocks[-1]
    table = Table()
    blocks.append(table)
    return table


def _row(raw: str, place: Place) -> Row:
    cells = [
        Cell((Line(part, Place(line=place.line, cell=number)),) if part.strip() else ())
        for number, part in enumerate(raw.split("\t"), start=1)
    ]
    return Row(tuple(cells), place)
