"""Step tables (步骤表): one row per step with its actor, a table per procedure; recognised without a person's help."""

from typing import Any

from integrations.importers.grid import Document
from integrations.importers.tables.families import procedure_reading
from integrations.importers.tables.fields import PROCEDURE_FIELDS
from integrations.importers.tables.mapping import SURE, Mapping, propose
from integrations.importers.tables.records import read_tables

FAMILY = "procedure_handbook"
NEEDED = ("step", "actor")


def claims(document: Document) -> bool:
    """Does a table have columns that are surely steps and actors, and a name for each procedure?"""
    return bool(_mappings(document))


def read(document: Document) -> dict[str, Any]:
    """The procedures of all such tables."""
    records = read_tables(document, _mappings(document), PROCEDURE_FIELDS)
    return procedure_reading(records, document.name)


def _mappings(document: Document) -> list[Mapping]:
    return [
        mapping
        for mapping in propose(document, PROCEDURE_FIELDS)
        if not mapping.missing and _is_sure(mapping)
    ]


def _is_sure(mapping: Mapping) -> bool:
    sure = {column.field for column in mapping.columns if column.score >= SURE}
    return sure.issuperset(NEEDED)
