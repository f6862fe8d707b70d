"""Files of the catalogue (pure: plain data in, bytes out): printed handbook, tables, calendar."""

from catalog.documents.handbook import handbook_docx
from catalog.documents.icalendar import CalendarEvent, icalendar
from catalog.documents.tables import catalogue_xlsx

__all__ = ["CalendarEvent", "catalogue_xlsx", "handbook_docx", "icalendar"]
