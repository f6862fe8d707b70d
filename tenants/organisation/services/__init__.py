"""Writes about the organisation."""

from tenants.organisation.services.assessed import (
    assessed_unit_close,
    assessed_unit_create,
    assessed_unit_revise,
)
from tenants.organisation.services.calendar import (
    academic_year_create,
    day_override_clear,
    day_override_set,
    term_set,
)
from tenants.organisation.services.clusters import (
    cluster_create,
    cluster_dissolve,
    signboard_put_up,
    signboard_take_down,
)
from tenants.organisation.services.people import (
    holding_end,
    holding_start,
    person_create,
    person_leave,
    person_link,
)
from tenants.organisation.services.posts import post_create, post_update, section_create
from tenants.organisation.services.restructure import (
    Part,
    plan_close,
    plan_merge,
    plan_move,
    plan_rename,
    plan_split,
)
from tenants.organisation.services.steps import Plan, change_undo, plan_apply
from tenants.organisation.services.units import (
    alias_add,
    alias_remove,
    unit_correct,
    unit_create,
    units_refresh,
)

__all__ = [
    "Part",
    "Plan",
    "academic_year_create",
    "alias_add",
    "alias_remove",
    "assessed_unit_close",
    "assessed_unit_create",
    "assessed_unit_revise",
    "change_undo",
    "cluster_create",
    "cluster_dissolve",
    "day_override_clear",
    "day_override_set",
    "holding_end",
    "holding_start",
    "person_create",
    "person_leave",
    "person_link",
    "plan_apply",
    "plan_close",
    "plan_merge",
    "plan_move",
    "plan_rename",
    "plan_split",
    "post_create",
    "post_update",
    "section_create",
    "signboard_put_up",
    "signboard_take_down",
    "term_set",
    "unit_correct",
    "unit_create",
    "units_refresh",
]
