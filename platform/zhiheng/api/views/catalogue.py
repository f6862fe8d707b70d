"""Duty catalogue: departments, work items (search), procedures."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import CatalogueVersion
from catalog.selectors.catalogue import departments, effective_version, procedure_for, procedures, search
from zhiheng.api.base import TenantView
from zhiheng.api.serializers import DepartmentShape, ProcedureDetailShape, ProcedureShape, WorkItemShape
from zhiheng.kernel.errors import Code, Problem


def version_in_force() -> CatalogueVersion:
    """The effective version, or NOT_FOUND."""
    version = effective_version()
    if version is None:
        raise Problem(Code.NOT_FOUND)
    return version


class Departments(TenantView):
    """Departments of the catalogue in force."""

    serializer_class = DepartmentShape
    rights: ClassVar = {"GET": "catalog.view"}

    @extend_schema(operation_id="catalogue_departments")
    def get(self, request: Request) -> Response:
        """目录部门"""
        return self.listed(departments(version_in_force()))


class WorkItems(TenantView):
    """Who is responsible for something."""

    serializer_class = WorkItemShape
    rights: ClassVar = {"GET": "catalog.view"}

    @extend_schema(
        operation_id="work_items",
        parameters=[OpenApiParameter("q", str, required=True, description="要找的工作")],
    )
    def get(self, request: Request) -> Response:
        """归谁管"""
        return self.listed(search(request.query_params.get("q", ""), limit=50).work_items)


class Procedures(TenantView):
    """Procedures of the catalogue in force."""

    serializer_class = ProcedureShape
    rights: ClassVar = {"GET": "catalog.view"}

    @extend_schema(operation_id="procedures")
    def get(self, request: Request) -> Response:
        """工作流程"""
        return self.listed(procedures(version_in_force()))


class ProcedureDetail(TenantView):
    """One procedure with its steps."""

    serializer_class = ProcedureDetailShape
    rights: ClassVar = {"GET": "catalog.view"}

    @extend_schema(operation_id="procedure")
    def get(self, request: Request, procedure_id: int) -> Response:
        """一项工作流程"""
        return Response(self.get_serializer(procedure_for(procedure_id=procedure_id)).data)
