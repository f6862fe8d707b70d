"""Schedules (日程): Chinese time expressions, schedule objects, runs of a year.  Pure: no framework, no database."""
