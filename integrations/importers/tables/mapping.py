"""Which column holds which field (列对应): proposed from the header and the cells, confirmed or changed by a person."""

from dataclasses import dataclass, replace
from typing import Any

from integrations.importers.grid import Document, Gap, Line, Paragraph, Place, Row, Table
from integrations.importers.tables.fields import Field, Fields
from integrations.importers.tables.headers import Header, find_header, likeness, source
from integrations.importers.tables.values import BadValue, parse

SURE, LIKELY = 0.85, 0.6
SAMPLE, SHOWN = 200, 3


@dataclass(frozen=True)
class Column:
    """One column (列): number from 0, name in the header, proposed field (None: left out), how sure, some values."""

    index: int
    name: str
    field: str | None
    score: float
    samples: tuple[str, ...]

    @property
    def sure(self) -> bool:
        """Need a person only glance at it?"""
        return self.score >= SURE


@dataclass(frozen=True)
class Mapping:
    """The proposal for one table (对应方案): where it is, its header rows and columns, the heading above it.

    ``missing``: needed fields that no column holds.
    """

    table: int
    place: Place
    header: Header
    columns: tuple[Column, ...]
    caption: Line | None
    missing: tuple[str, ...]

    def column_of(self, field: str) -> int | None:
        """Number of the column that holds a field."""
        return next((column.index for column in self.columns if column.field == field), None)

    def changed(self, choices: dict[int, str | None], fields: Fields) -> "Mapping":
        """The mapping a person chose: column → field or None; a field leaves the column it was proposed for.

        Raises ValueError for an unknown field or column and for a field chosen twice.
        """
        chosen = [code for code in choices.values() if code]
        known = {field.code for field in fields}
        if len(chosen) != len(set(chosen)) or not set(chosen) <= known:
            raise ValueError("each field may be chosen once, and only known fields")
        if not set(choices) <= {column.index for column in self.columns}:
            raise ValueError("no such column")
        columns = tuple(
            replace(column, field=choices[column.index], score=1.0)
            if column.index in choices
            else replace(column, field=None, score=0.0)
            if column.field in chosen
            else column
            for column in self.columns
        )
        return replace(self, columns=columns, missing=_missing(columns, fields, self.caption))

    def to_json(self) -> dict[str, Any]:
        """Plain data for the command and the wizard."""
        columns = [
            {"column": column.index + 1, "name": column.name, "field": column.field}
            | {"score": round(column.score, 2), "sure": column.sure, "samples": list(column.samples)}
            for column in self.columns
        ]
        return {
            "table": self.table + 1,
            "place": self.place.to_json(),
            "caption": self.caption.text if self.caption else None,
            "columns": columns,
            "missing": list(self.missing),
        }


def tables_of(document: Document) -> list[Table]:
    """The tables of a file in order."""
    return [block for block in document.blocks if isinstance(block, Table) and block.rows]


def propose(document: Document, fields: Fields) -> list[Mapping]:
    """One proposal for each table that has a header; a field goes to the column that fits it best."""
    found = []
    for number, table in enumerate(tables_of(document)):
        header = find_header(table, fields)
        if header is not None:
            columns, caption = _columns(table, header, fields), _caption(document, table)
            place, missing = table.rows[header.first].place, _missing(columns, fields, caption)
            found.append(Mapping(number, place, header, columns, caption, missing))
    return found


def _caption(document: Document, table: Table) -> Line | None:
    """The paragraph right above a table."""
    above = document.blocks[: next(index for index, block in enumerate(document.blocks) if block is table)]
    last = next((block for block in reversed(above) if not isinstance(block, Gap)), None)
    return last.line if isinstance(last, Paragraph) else None


def _missing(columns: tuple[Column, ...], fields: Fields, caption: Line | None) -> tuple[str, ...]:
    used = {column.field for column in columns}
    needed = (field for field in fields if field.required and not (field.captioned and caption))
    return tuple(field.code for field in needed if field.code not in used)


def _columns(table: Table, header: Header, fields: Fields) -> tuple[Column, ...]:
    rows = table.rows[header.last + 1 : header.last + 1 + SAMPLE]
    cells = [_texts(rows, index) for index in range(len(header.names))]
    scores = sorted(
        (
            (_fit(name, cells[index], field), -index, -rank)
            for index, name in enumerate(header.names)
            for rank, field in enumerate(fields)
        ),
        reverse=True,
    )
    taken: dict[int, tuple[str | None, float]] = {}
    used: set[str] = set()
    for score, index, rank in scores:
        code = fields[-rank].code
        if score >= LIKELY and -index not in taken and code not in used:
            taken[-index] = (code, score)
            used.add(code)
    found = []
    for index, name in enumerate(header.names):
        held, score = taken.get(index, (None, 0.0))
        found.append(Column(index, name, held, score, tuple(dict.fromkeys(cells[index]))[:SHOWN]))
    return tuple(found)


def _texts(rows: list[Row], index: int) -> list[str]:
    texts = [source(row.cells[index]).text.strip() for row in rows if index < len(row.cells)]
    return [text for text in texts if text]


def _fit(name: str, texts: list[str], field: Field) -> float:
    """Likeness of the name, lowered where the cells do not hold such values."""
    score = max((likeness(part, field) for part in (name, *name.split("／"))), default=0.0)
    if score < LIKELY or not texts:
        return score
    if field.kind == "text":
        figures = sum(1 for text in texts if text.rstrip(".、").isdigit())
        return score * (0.5 if field.code != "no" and figures > 0.8 * len(texts) else 1.0)
    good = sum(1 for text in texts if _parses(text, field.kind))
    return score * (0.4 + 0.6 * good / len(texts))


def _parses(text: str, kind: str) -> bool:
    try:
        parse(text, kind)
    except BadValue:
        return False
    return True
