"""Reads about the organisation.  Most answers depend on a day; without one they mean today."""

from tenants.organisation.selectors.assessed import (
    assessed_unit_for,
    assessed_unit_map,
    assessed_unit_of,
    assessed_units,
)
from tenants.organisation.selectors.calendar import (
    TeachingWeek,
    academic_year_of,
    add_working_days,
    teaching_week,
    term_of,
    week_range,
    work_calendar,
    working_days_between,
)
from tenants.organisation.selectors.people import (
    Headcount,
    headcounts,
    heads_of,
    person_for,
    post_for,
    vacancies,
)
from tenants.organisation.selectors.search import Found, find_units
from tenants.organisation.selectors.tree import (
    UnitNode,
    chart,
    roll_up,
    superior_codes,
    unit_for,
    units_as_of,
)

__all__ = [
    "Found",
    "Headcount",
    "TeachingWeek",
    "UnitNode",
    "academic_year_of",
    "add_working_days",
    "assessed_unit_for",
    "assessed_unit_map",
    "assessed_unit_of",
    "assessed_units",
    "chart",
    "find_units",
    "headcounts",
    "heads_of",
    "person_for",
    "post_for",
    "roll_up",
    "superior_codes",
    "teaching_week",
    "term_of",
    "unit_for",
    "units_as_of",
    "vacancies",
    "week_range",
    "work_calendar",
    "working_days_between",
]
