"""The organisation as a workbook (组织机构表): pure reading and writing, no database."""

from tenants.organisation.spreadsheets.cells import CellError, Unreadable
from tenants.organisation.spreadsheets.forms import FORMS, Form
from tenants.organisation.spreadsheets.reading import Reading, Row, read_workbook
from tenants.organisation.spreadsheets.writing import write_workbook

__all__ = ["FORMS", "CellError", "Form", "Reading", "Row", "Unreadable", "read_workbook", "write_workbook"]
