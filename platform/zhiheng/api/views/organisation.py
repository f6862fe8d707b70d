"""Organisation: units as of a day, posts, people, assessed units."""

from datetime import date
from typing import ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.organisation.selectors.assessed import assessed_units
from tenants.organisation.selectors.registers import people_for, posts_for
from tenants.organisation.selectors.tree import units_as_of
from zhiheng.api.base import TenantView
from zhiheng.api.serializers import AssessedUnitShape, PersonShape, PostShape, UnitShape
from zhiheng.kernel.errors import Code, Problem

ON = OpenApiParameter("on", OpenApiTypes.DATE, description="截至日期，默认今天")


def day_of(request: Request) -> date | None:
    """The day asked for with ``on``, or None for today.  Raises INVALID_INPUT."""
    text = request.query_params.get("on")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Problem(
            Code.INVALID_INPUT, place="on", reason=f"“{text}”不是日期", advice="请写成2026-11-20"
        ) from None


class Units(TenantView):
    """Units of the organisation as of a day."""

    serializer_class = UnitShape
    rights: ClassVar = {"GET": "unit.view"}

    @extend_schema(operation_id="units", parameters=[ON])
    def get(self, request: Request) -> Response:
        """机构（按日期）"""
        return self.listed(units_as_of(day_of(request)).select_related("unit", "parent"))


class Posts(TenantView):
    """Posts valid on a day."""

    serializer_class = PostShape
    rights: ClassVar = {"GET": "unit.view"}

    @extend_schema(operation_id="posts", parameters=[ON])
    def get(self, request: Request) -> Response:
        """岗位"""
        return self.listed(posts_for(user=request.user, on=day_of(request)))  # type: ignore[arg-type]


class People(TenantView):
    """People who work here on a day."""

    serializer_class = PersonShape
    rights: ClassVar = {"GET": "person.view"}

    @extend_schema(operation_id="people", parameters=[ON])
    def get(self, request: Request) -> Response:
        """人员"""
        return self.listed(people_for(user=request.user, on=day_of(request)))  # type: ignore[arg-type]


class AssessedUnits(TenantView):
    """Assessed units valid on a day."""

    serializer_class = AssessedUnitShape
    rights: ClassVar = {"GET": "unit.view"}

    @extend_schema(operation_id="assessed_units", parameters=[ON])
    def get(self, request: Request) -> Response:
        """被考核单位"""
        return self.listed(assessed_units(on=day_of(request)))
