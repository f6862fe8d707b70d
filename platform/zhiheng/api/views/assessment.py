"""Assessment: schemes, cycles, facts, runs, results, scores, explanations, jobs."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from assessment.models import NodeScore, Run, Scheme
from assessment.selectors.cycles import cycle_for, cycles
from assessment.selectors.results import explanation_of, run_for, runs, unit_result_for
from assessment.selectors.schemes import schemes, version_for
from assessment.services.facts import facts_store
from assessment.services.runs import run_start
from assessment.values import BadValue, Cell, parse_stored
from zhiheng.api.base import TenantView, once
from zhiheng.api.serializers import (
    CycleDetailShape,
    CycleShape,
    ExplanationShape,
    FactDiffShape,
    FactShape,
    FactsWriteShape,
    JobShape,
    ResultShape,
    RunShape,
    RunStartShape,
    SchemeShape,
    SchemeVersionShape,
    ScoreShape,
)
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.jobs import job_for

KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="同一个键重复提交只生效一次"
)


class Schemes(TenantView):
    """All schemes."""

    serializer_class = SchemeShape
    rights: ClassVar = {"GET": "scheme.view"}

    @extend_schema(operation_id="schemes")
    def get(self, request: Request) -> Response:
        """考核方案"""
        return self.listed([_scheme(one) for one in schemes()])


def _scheme(scheme: Scheme) -> dict[str, object]:
    found = [
        {"number": v.number, "state": v.state, "fingerprint": v.fingerprint} for v in scheme.versions.all()
    ]
    return {"code": scheme.code, "title": scheme.title, "year_kind": scheme.year_kind, "versions": found}


class SchemeVersionDetail(TenantView):
    """One version with its document."""

    serializer_class = SchemeVersionShape
    rights: ClassVar = {"GET": "scheme.view"}

    @extend_schema(operation_id="scheme_version")
    def get(self, request: Request, code: str, number: int) -> Response:
        """方案的一个版本"""
        return Response(self.get_serializer(version_for(scheme_code=code, number=number)).data)


class Cycles(TenantView):
    """All cycles."""

    serializer_class = CycleShape
    rights: ClassVar = {"GET": "cycle.view"}

    @extend_schema(operation_id="cycles")
    def get(self, request: Request) -> Response:
        """考核周期"""
        return self.listed(cycles())


class CycleDetail(TenantView):
    """One cycle with its steps."""

    serializer_class = CycleDetailShape
    rights: ClassVar = {"GET": "cycle.view"}

    @extend_schema(operation_id="cycle")
    def get(self, request: Request, code: str) -> Response:
        """一个考核周期"""
        return Response(self.get_serializer(cycle_for(code=code)).data)


class Facts(TenantView):
    """Facts of a cycle."""

    serializer_class = FactShape
    rights: ClassVar = {"GET": "fact.view", "PUT": "fact.enter"}

    @extend_schema(operation_id="facts")
    def get(self, request: Request, code: str) -> Response:
        """考核数据"""
        return self.listed(cycle_for(code=code).facts.select_related("unit"))

    @extend_schema(
        operation_id="facts_store", parameters=[KEY], request=FactsWriteShape, responses={200: FactDiffShape}
    )
    @once
    def put(self, request: Request, code: str) -> Response:
        """存入考核数据（整批成功或整批不存）"""
        cycle = cycle_for(code=code)
        shape = FactsWriteShape(data=request.data)
        shape.is_valid(raise_exception=True)
        measures = {m["code"]: m for m in cycle.version.document.get("measures", [])}
        cells = {
            (c["measure"], c["unit"]): _cell(measures, c, i)
            for i, c in enumerate(shape.validated_data["cells"])
        }
        diff = facts_store(
            cycle=cycle, cells=cells, acting_user=request.user, source=shape.validated_data["origin"]
        )
        return Response(FactDiffShape(diff).data)


def _cell(measures: dict[str, dict[str, object]], entry: dict[str, object], index: int) -> Cell:
    measure = measures.get(str(entry["measure"]))
    place = f"cells[{index}]"
    if measure is None:
        raise Problem(
            Code.INVALID_INPUT,
            place=place,
            reason=f"方案里没有数据项“{entry['measure']}”",
            advice="请用方案里的代码",
        )
    if entry["state"] != "value":
        return Cell(str(entry["state"]))
    try:
        return Cell("value", parse_stored(measure, entry["value"]))
    except BadValue as bad:
        raise Problem(Code.INVALID_INPUT, place=place, reason=bad.reason, advice=bad.advice) from bad


class Runs(TenantView):
    """Runs of a cycle."""

    serializer_class = RunShape
    rights: ClassVar = {"GET": "result.view", "POST": "run.start"}

    @extend_schema(operation_id="runs")
    def get(self, request: Request, code: str) -> Response:
        """计分"""
        return self.listed(runs(cycle_for(code=code)))

    @extend_schema(
        operation_id="run_start", parameters=[KEY], request=RunStartShape, responses={202: RunShape}
    )
    @once
    def post(self, request: Request, code: str) -> Response:
        """开始一次计分"""
        shape = RunStartShape(data=request.data)
        shape.is_valid(raise_exception=True)
        run = run_start(
            cycle=cycle_for(code=code), kind=shape.validated_data["kind"], acting_user=request.user
        )
        return Response(RunShape(run).data, status=status.HTTP_202_ACCEPTED)


def _run(request: Request, code: str, number: int) -> Run:
    return run_for(cycle_for(code=code), number=number, user=request.user)


class RunDetail(TenantView):
    """One run."""

    serializer_class = RunShape
    rights: ClassVar = {"GET": "result.view"}

    @extend_schema(operation_id="run")
    def get(self, request: Request, code: str, number: int) -> Response:
        """一次计分"""
        return Response(self.get_serializer(_run(request, code, number)).data)


class Results(TenantView):
    """Results of a run."""

    serializer_class = ResultShape
    rights: ClassVar = {"GET": "result.view"}

    @extend_schema(operation_id="results")
    def get(self, request: Request, code: str, number: int) -> Response:
        """各单位结果"""
        return self.listed(_run(request, code, number).results.select_related("unit"))


class Scores(TenantView):
    """Scores of every node and unit of a run."""

    serializer_class = ScoreShape
    rights: ClassVar = {"GET": "result.view"}

    @extend_schema(operation_id="scores")
    def get(self, request: Request, code: str, number: int) -> Response:
        """各指标得分"""
        return self.listed(NodeScore.objects.filter(run=_run(request, code, number)).select_related("unit"))


class ExplanationDetail(TenantView):
    """The explanation of all scores of one unit."""

    serializer_class = ExplanationShape
    rights: ClassVar = {"GET": "result.view"}

    @extend_schema(operation_id="explanation")
    def get(self, request: Request, code: str, number: int, unit: str) -> Response:
        """得分说明"""
        result = unit_result_for(_run(request, code, number), unit=unit, user=request.user)
        return Response(self.get_serializer(explanation_of(result)).data)


class JobDetail(TenantView):
    """A job."""

    serializer_class = JobShape
    rights: ClassVar = {"GET": "job.view"}

    @extend_schema(operation_id="job")
    def get(self, request: Request, job_id: UUID) -> Response:
        """后台任务"""
        return Response(self.get_serializer(job_for(user=request.user, job_id=job_id)).data)
