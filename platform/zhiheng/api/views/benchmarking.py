"""Benchmarking: own releases, peers; what a province sees."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from zhiheng.api.base import TenantView, once
from zhiheng.api.serializers import (
    DistributionShape,
    PeerShape,
    ProgressShape,
    ReleaseShape,
    ReleaseWriteShape,
    ReportDetailShape,
    ReportShape,
    ReportWriteShape,
)
from zhiheng.api.views.assessment import KEY
from zhiheng.benchmarking.selectors.peers import PeerRow, group_for, peer_rows, releases
from zhiheng.benchmarking.services.releases import Figure, release_publish
from zhiheng.provincial.models import ProvincialReport
from zhiheng.provincial.selectors.progress import distributions, progress
from zhiheng.provincial.selectors.reports import report_for
from zhiheng.provincial.services.reports import report_build

_QUANTILES = ("p10", "q1", "median", "q3", "p90")


class Releases(TenantView):
    """Own releases."""

    serializer_class = ReleaseShape
    rights: ClassVar = {"GET": "benchmark.view", "POST": "benchmark.release"}

    @extend_schema(operation_id="releases")
    def get(self, request: Request) -> Response:
        """发布记录"""
        return self.listed(releases())

    @extend_schema(
        operation_id="release_publish",
        parameters=[KEY],
        request=ReleaseWriteShape,
        responses={201: ReleaseShape},
    )
    @once
    def post(self, request: Request) -> Response:
        """发布指标"""
        shape = ReleaseWriteShape(data=request.data)
        shape.is_valid(raise_exception=True)
        data = shape.validated_data
        figures = [Figure(**one) for one in data["figures"]]
        release = release_publish(
            year=data["year"], level=data["level"], figures=figures, acting_user=request.user
        )
        return Response(ReleaseShape(release).data, status=status.HTTP_201_CREATED)


class Peers(TenantView):
    """Own values beside a peer group."""

    serializer_class = PeerShape
    rights: ClassVar = {"GET": "benchmark.view"}

    @extend_schema(operation_id="peers", responses=PeerShape(many=True))
    def get(self, request: Request, group: str, year: int) -> Response:
        """同类对标"""
        return self.listed([_peer(row) for row in peer_rows(group=group_for(group), year=year)])


def _peer(row: PeerRow) -> dict[str, Any]:
    statistic = row.statistic
    quantiles = {name: getattr(statistic, name) if statistic else None for name in _QUANTILES}
    return {
        "indicator": row.definition.code,
        "title": row.definition.title,
        "unit": row.definition.unit,
        "own": row.own,
        "n": statistic.n if statistic else 0,
        "percentile": row.percentile,
        "withheld": statistic.withheld if statistic else "floor",
        **quantiles,
    }


class Progress(TenantView):
    """Reporting progress of the province's colleges."""

    serializer_class = ProgressShape
    rights: ClassVar = {"GET": "provincial.view"}

    @extend_schema(operation_id="progress", responses=ProgressShape(many=True))
    def get(self, request: Request, year: int) -> Response:
        """报送进度"""
        return self.listed(progress(year))


class Distributions(TenantView):
    """Distributions over the province's colleges."""

    serializer_class = DistributionShape
    rights: ClassVar = {"GET": "provincial.view"}

    @extend_schema(operation_id="distributions", responses=DistributionShape(many=True))
    def get(self, request: Request, year: int) -> Response:
        """指标分布"""
        return self.listed(distributions(year))


class Reports(TenantView):
    """Provincial reports."""

    serializer_class = ReportShape
    rights: ClassVar = {"GET": "provincial.view", "POST": "provincial.report"}

    @extend_schema(operation_id="reports")
    def get(self, request: Request) -> Response:
        """省级报告"""
        return self.listed(ProvincialReport.objects.all())

    @extend_schema(
        operation_id="report_build", parameters=[KEY], request=ReportWriteShape, responses={201: ReportShape}
    )
    @once
    def post(self, request: Request) -> Response:
        """生成省级报告"""
        shape = ReportWriteShape(data=request.data)
        shape.is_valid(raise_exception=True)
        report = report_build(**shape.validated_data, acting_user=request.user)
        return Response(ReportShape(report).data, status=status.HTTP_201_CREATED)


class ReportDetail(TenantView):
    """One report with its content."""

    serializer_class = ReportDetailShape
    rights: ClassVar = {"GET": "provincial.view"}

    @extend_schema(operation_id="report")
    def get(self, request: Request, report_id: int) -> Response:
        """一份省级报告"""
        return Response(self.get_serializer(report_for(report_id=report_id)).data)
