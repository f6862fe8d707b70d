"""Reader of duty catalogues (职责表, family of the Changzhou catalogue): grid in, plain records and a report out."""

from typing import Any

from integrations.importers.findings import Report
from integrations.importers.grid import Document

FAMILY = "duty_catalogue"


def claims(document: Document) -> bool:
    """Does the file hold tables of duties, work items or standards?"""
    del document
    return False


def read(document: Document) -> dict[str, Any]:
    """Departments with duties and standards, and the report."""
    report = Report()
    report.close(document)
    return {"family": FAMILY, "source": document.name, "departments": []} | report.to_json()
