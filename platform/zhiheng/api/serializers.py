"""Shapes of what the API gives and takes; figures are decimal text, dates ISO."""

from typing import Any

from rest_framework import serializers

from assessment.models import Cycle, CycleStep, Fact, NodeScore, Run, UnitResult
from catalog.models import Department, Procedure, Standard, Step, WorkItem
from tenants.organisation.models import AssessedUnit, Person, Post, UnitVersion
from zhiheng.benchmarking.models import Release
from zhiheng.kernel.models import Job
from zhiheng.provincial.models import ProvincialReport


class UnitShape(serializers.ModelSerializer[UnitVersion]):
    """A unit as of a day."""

    code = serializers.CharField(source="unit.code")
    superior = serializers.CharField(source="parent.code", allow_null=True, default=None)

    class Meta:
        model = UnitVersion
        fields = ("code", "name", "short_name", "kind", "superior", "valid_from", "valid_to")


class PostShape(serializers.ModelSerializer[Post]):
    """A post."""

    unit = serializers.CharField(source="unit.code")
    section = serializers.CharField(source="section.name", allow_null=True, default=None)

    class Meta:
        model = Post
        fields = ("code", "name", "unit", "section", "category", "is_head", "seats", "valid_from", "valid_to")


class PersonShape(serializers.ModelSerializer[Person]):
    """A person."""

    class Meta:
        model = Person
        fields = ("staff_number", "name", "valid_from", "valid_to")


class AssessedUnitShape(serializers.ModelSerializer[AssessedUnit]):
    """An assessed unit."""

    class Meta:
        model = AssessedUnit
        fields = (
            "code",
            "name",
            "short_name",
            "unit_type",
            "group",
            "participation",
            "valid_from",
            "valid_to",
        )


class DepartmentShape(serializers.ModelSerializer[Department]):
    """A department of the catalogue with counts."""

    duty_count = serializers.IntegerField()
    work_count = serializers.IntegerField()
    standard_count = serializers.IntegerField()

    class Meta:
        model = Department
        fields = ("id", "name", "aliases", "duty_count", "work_count", "standard_count")


class StandardShape(serializers.ModelSerializer[Standard]):
    """A standard."""

    class Meta:
        model = Standard
        fields = ("no", "printed_no", "text", "place")


class WorkItemShape(serializers.ModelSerializer[WorkItem]):
    """A work item with posts and standards."""

    posts = serializers.SerializerMethodField()
    standards = StandardShape(many=True)

    class Meta:
        model = WorkItem
        fields = ("id", "no", "text", "posts", "standards")

    def get_posts(self, item: WorkItem) -> list[dict[str, str]]:
        """Section and post, the leading one first."""
        return [{"section": a.section_name, "post": a.post_name} for a in item.assignments.all()]


class StepShape(serializers.ModelSerializer[Step]):
    """A step of a procedure."""

    actors = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Step
        fields = ("order", "chain", "text", "actors", "inferred")


class ProcedureShape(serializers.ModelSerializer[Procedure]):
    """A procedure."""

    schedules = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = Procedure
        fields: tuple[str, ...] = ("id", "chapter_no", "chapter", "no", "title", "time_text", "schedules")


class ProcedureDetailShape(ProcedureShape):
    """A procedure with its steps."""

    steps = StepShape(many=True)

    class Meta(ProcedureShape.Meta):
        fields = (*ProcedureShape.Meta.fields, "steps")


class SchemeShape(serializers.Serializer[Any]):
    """A scheme with its versions."""

    code = serializers.CharField()
    title = serializers.CharField()
    year_kind = serializers.CharField()
    versions = serializers.ListField(child=serializers.DictField())


class SchemeVersionShape(serializers.Serializer[Any]):
    """A version with the whole document."""

    number = serializers.IntegerField()
    state = serializers.CharField()
    fingerprint = serializers.CharField()
    approved_by = serializers.CharField()
    approved_on = serializers.DateField(allow_null=True)
    basis = serializers.CharField()
    document = serializers.DictField()


class CycleStepShape(serializers.ModelSerializer[CycleStep]):
    """A step of the year."""

    class Meta:
        model = CycleStep
        fields = ("order", "code", "title", "actor", "starts_on", "ends_on", "state")


class CycleShape(serializers.ModelSerializer[Cycle]):
    """A cycle."""

    scheme = serializers.CharField(source="version.scheme.code")
    version = serializers.IntegerField(source="version.number")

    class Meta:
        model = Cycle
        fields: tuple[str, ...] = (
            "code",
            "title",
            "year",
            "scheme",
            "version",
            "starts_on",
            "ends_on",
            "state",
        )


class CycleDetailShape(CycleShape):
    """A cycle with its steps."""

    steps = CycleStepShape(many=True)

    class Meta(CycleShape.Meta):
        fields = (*CycleShape.Meta.fields, "steps")


class FactShape(serializers.ModelSerializer[Fact]):
    """A fact; ``value`` is exact text, a list, rows, or null when the state is not “value”."""

    unit = serializers.CharField(source="unit.code", allow_null=True, default=None)
    value = serializers.JSONField(allow_null=True)

    class Meta:
        model = Fact
        fields = ("measure", "unit", "state", "value", "source", "as_of", "revision", "entered_at")


class CellShape(serializers.Serializer[Any]):
    """One cell to store; a missing ``unit`` means the whole college, a missing ``value`` needs another state."""

    measure = serializers.CharField(max_length=80)
    unit = serializers.CharField(max_length=40, allow_null=True, default=None)
    state = serializers.ChoiceField(["value", "not_applicable", "excused", "rejected"], default="value")
    value = serializers.JSONField(allow_null=True, default=None)


class FactsWriteShape(serializers.Serializer[Any]):
    """Cells to store in one transaction."""

    origin = serializers.CharField(max_length=200, default="", allow_blank=True)
    cells = CellShape(many=True)


class FactDiffShape(serializers.Serializer[Any]):
    """What storing did."""

    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()


class RunStartShape(serializers.Serializer[Any]):
    """What a run is for."""

    kind = serializers.ChoiceField(["preview", "official"])


class RunShape(serializers.ModelSerializer[Run]):
    """A run."""

    cycle = serializers.CharField(source="cycle.code")
    error = serializers.JSONField(allow_null=True)

    class Meta:
        model = Run
        fields = (
            "id",
            "cycle",
            "number",
            "kind",
            "state",
            "fingerprint",
            "job_id",
            "started_at",
            "finished_at",
            "error",
        )


class ResultShape(serializers.ModelSerializer[UnitResult]):
    """The result of a unit."""

    unit = serializers.CharField(source="unit.code")
    name = serializers.CharField(source="unit.name")
    outcomes = serializers.DictField()

    class Meta:
        model = UnitResult
        fields = ("unit", "name", "group", "total", "published", "rank", "grade", "outcomes")


class ScoreShape(serializers.ModelSerializer[NodeScore]):
    """The score of a node for a unit."""

    unit = serializers.CharField(source="unit.code")

    class Meta:
        model = NodeScore
        fields = ("unit", "node", "points", "applicable", "state")


class ExplanationShape(serializers.Serializer[Any]):
    """The stored explanation of a unit."""

    unit = serializers.CharField(source="unit.code")
    digest = serializers.CharField()
    document = serializers.DictField()


class JobShape(serializers.ModelSerializer[Job]):
    """A job."""

    percent = serializers.IntegerField()
    result = serializers.JSONField(allow_null=True)
    error = serializers.JSONField(allow_null=True)

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "title",
            "state",
            "percent",
            "message",
            "result",
            "error",
            "created_at",
            "finished_at",
        )


class FigureShape(serializers.Serializer[Any]):
    """A figure to release."""

    indicator = serializers.CharField(max_length=60)
    numerator = serializers.DecimalField(max_digits=18, decimal_places=4)
    denominator = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True, default=None)


class ReleaseWriteShape(serializers.Serializer[Any]):
    """Figures of one year to release."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    level = serializers.ChoiceField(["peer", "official"])
    figures = FigureShape(many=True)


class ReleaseShape(serializers.ModelSerializer[Release]):
    """A release with its receipt."""

    class Meta:
        model = Release
        fields = ("id", "year", "level", "count", "released_at", "released_by", "receipt")


class PeerShape(serializers.Serializer[Any]):
    """Own value beside the statistics of a group; null where withheld."""

    indicator = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField()
    own = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    n = serializers.IntegerField()
    p10 = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    q1 = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    median = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    q3 = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    p90 = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    percentile = serializers.DecimalField(max_digits=5, decimal_places=1, allow_null=True)
    withheld = serializers.CharField(allow_blank=True)


class ProgressShape(serializers.Serializer[Any]):
    """Reporting progress of a college."""

    college = serializers.CharField(source="profile.name")
    released = serializers.IntegerField()
    expected = serializers.IntegerField()
    state = serializers.CharField()


class DistributionShape(serializers.Serializer[Any]):
    """Distribution of an indicator over the province's colleges."""

    indicator = serializers.CharField(source="definition.code")
    title = serializers.CharField(source="definition.title")
    q1 = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    median = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    q3 = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    values = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class ReportShape(serializers.ModelSerializer[ProvincialReport]):
    """A provincial report."""

    class Meta:
        model = ProvincialReport
        fields: tuple[str, ...] = ("id", "year", "edition", "title", "digest", "created_at")


class ReportDetailShape(ReportShape):
    """A provincial report with its frozen content."""

    document = serializers.DictField()

    class Meta(ReportShape.Meta):
        fields = (*ReportShape.Meta.fields, "document")


class ReportWriteShape(serializers.Serializer[Any]):
    """A report to build."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    title = serializers.CharField(max_length=200)
