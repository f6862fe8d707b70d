"""Plain lists (一览表): one row per step with its actor, or per work item with its post, told by their columns alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.importers.grid import Document
from integrations.importers.tables.families import duty_reading, procedure_reading
from integrations.importers.tables.fields import DUTY_FIELDS, PROCEDURE_FIELDS, Fields
from integrations.importers.tables.mapping import SURE, Mapping, propose
from integrations.importers.tables.records import Records, read_tables


@dataclass(frozen=True)
class PlainList:
    """A list that needs no person: its fields, the columns that must be sure, how its rows become a reading."""

    fields: Fields
    needed: frozenset[str]
    shape: Callable[[Records, str], dict[str, Any]]

    def claims(self, document: Document) -> bool:
        """Does a table have every needed column for sure?"""
        return bool(self._mappings(document))

    def read(self, document: Document) -> dict[str, Any]:
        """The records of all such tables."""
        return self.shape(read_tables(document, self._mappings(document), self.fields), document.name)

    def _mappings(self, document: Document) -> list[Mapping]:
        return [
            found for found in propose(document, self.fields) if not found.missing and self._is_sure(found)
        ]

    def _is_sure(self, mapping: Mapping) -> bool:
        return self.needed <= {column.field for column in mapping.columns if column.score >= SURE}


STEPS = PlainList(PROCEDURE_FIELDS, frozenset({"step", "actor"}), procedure_reading)
WORKS = PlainList(DUTY_FIELDS, frozenset({"work", "post"}), duty_reading)
