"""Duty catalogue (职责目录): versions, duties with work items and standards, procedures with steps."""

from catalog.models.duties import Department, Duty, DutyScope, Standard, WorkAssignment, WorkItem
from catalog.models.procedures import PartyDuty, Procedure, ProcedureStandard, Step, WorkContent
from catalog.models.versions import CatalogueState, CatalogueVersion, Finding

__all__ = [
    "CatalogueState",
    "CatalogueVersion",
    "Department",
    "Duty",
    "DutyScope",
    "Finding",
    "PartyDuty",
    "Procedure",
    "ProcedureStandard",
    "Standard",
    "Step",
    "WorkAssignment",
    "WorkContent",
    "WorkItem",
]
