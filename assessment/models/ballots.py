"""Democratic appraisal (民主测评): a paper that groups of people fill in without a name.

Two halves that no column joins.  The *ledger* (BallotParticipation, Credential) knows who was invited and who has
voted, to the hour.  The *box* (Ballot) knows the class of the voter and the choices.  There is no switch for named
votes, so anonymity cannot be changed before, at or after opening.
"""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.cycles import Cycle
from tenants.organisation.models import Person

MINIMUM = 5
"""Fewest ballots of a class of which anything is shown; a class may ask for more, never for fewer."""


class BallotState(models.TextChoices):
    """Where a campaign stands; it only moves forward, except that a closed one may be prolonged before counting."""

    DRAFT = "draft", _("筹备")
    OPEN = "open", _("投票中")
    CLOSED = "closed", _("已截止")
    COUNTED = "counted", _("已计票")


class CredentialState(models.TextChoices):
    """State of a voting code."""

    ISSUED = "issued", _("未用")
    USED = "used", _("已用")
    REVOKED = "revoked", _("已作废")


class BallotCampaign(models.Model):
    """One appraisal by ballot (测评): what is voted on, in which grades, when.

    ``grades`` is a list of ``{"label": "优秀", "at_most": 4}`` from best to worst; ``at_most`` (or null) is how often a
    grade may be given on one ballot, abstaining is a grade like any other.  ``groups`` are codes of the scheme;
    ``units`` (``{"code", "name"}``) are written at opening and stay.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="ballots", verbose_name="周期")
    title = models.CharField("名称", max_length=120)
    groups = models.JSONField("测评范围")
    grades = models.JSONField("等次")
    units = models.JSONField("单位", default=list)
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    state = models.CharField("状态", max_length=8, choices=BallotState.choices, default=BallotState.DRAFT)

    class Meta:
        verbose_name = "测评"
        ordering: ClassVar[list[str]] = ["-opens_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("closes_at")), name="ballotcampaign_period"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RaterClass(models.Model):
    """A class of voters (投票人类别), such as 中层以上干部: counted apart, hidden below its minimum.

    ``measures`` maps a grade's label to the measure of the scheme that takes the count; grades without one are not
    handed on.  ``weight`` is shown beside the shares; what counts is the scheme's own weight.
    """

    campaign = models.ForeignKey(
        BallotCampaign, on_delete=models.CASCADE, related_name="classes", verbose_name="测评"
    )
    title = models.CharField("名称", max_length=60)
    weight = models.DecimalField("权重", max_digits=7, decimal_places=4, default=Decimal(1))
    minimum = models.PositiveSmallIntegerField("最少票数", default=MINIMUM)
    measures = models.JSONField("计入的数据项", default=dict)

    class Meta:
        verbose_name = "投票人类别"
        ordering: ClassVar[list[str]] = ["campaign", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "title"], name="raterclass_title"),
            models.CheckConstraint(condition=models.Q(minimum__gte=MINIMUM), name="raterclass_minimum"),
            models.CheckConstraint(condition=models.Q(weight__gt=0), name="raterclass_weight"),
        ]

    def __str__(self) -> str:
        return self.title


class Credential(models.Model):
    """The right to cast one ballot (投票码).  Only the hash of the code is kept: nobody can read a code from here."""

    rater_class = models.ForeignKey(
        RaterClass, on_delete=models.CASCADE, related_name="credentials", verbose_name="类别"
    )
    digest = models.CharField("摘要", max_length=64, unique=True)
    state = models.CharField(
        "状态", max_length=8, choices=CredentialState.choices, default=CredentialState.ISSUED
    )

    class Meta:
        verbose_name = "投票码"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["rater_class", "state"], name="credential_turnout")
        ]

    def __str__(self) -> str:
        return f"{self.rater_class}（{self.get_state_display()}）"


class BallotParticipation(models.Model):
    """The ledger (参与登记): who is invited, and in which hour that person voted; never what.

    Cards handed out in a hall have no entry here: nobody knows who holds them.
    """

    campaign = models.ForeignKey(
        BallotCampaign, on_delete=models.CASCADE, related_name="participations", verbose_name="测评"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="人员")
    credential = models.OneToOneField(
        Credential, on_delete=models.CASCADE, related_name="participation", verbose_name="投票码"
    )
    voted_hour = models.DateTimeField("投票的钟点", null=True)

    class Meta:
        verbose_name = "参与登记"
        ordering: ClassVar[list[str]] = ["person__sort_key", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "person"], name="ballotparticipation_once"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Ballot(models.Model):
    """One ballot in the box (选票): the class and ``{unit code: grade}``; no key, time or order leads to the ledger."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rater_class = models.ForeignKey(
        RaterClass, on_delete=models.PROTECT, related_name="box", verbose_name="类别"
    )
    choices = models.JSONField("选择")

    class Meta:
        verbose_name = "选票"

    def __str__(self) -> str:
        return str(self.rater_class)


class PaperCount(models.Model):
    """Paper ballots of one box (线下票), typed in by one person and confirmed by another.

    ``counts`` holds ``{unit code: {grade: number}}``; every unit's numbers add up to ``ballots``, the valid ones.
    """

    rater_class = models.ForeignKey(
        RaterClass, on_delete=models.CASCADE, related_name="papers", verbose_name="类别"
    )
    label = models.CharField("票箱", max_length=60)
    ballots = models.PositiveIntegerField("有效票")
    invalid = models.PositiveIntegerField("废票", default=0)
    counts = models.JSONField("各单位票数")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="录入人"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )

    class Meta:
        verbose_name = "线下票"
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rater_class", "label"], name="papercount_label"),
            models.CheckConstraint(
                condition=~models.Q(entered_by=models.F("confirmed_by")), name="papercount_four_eyes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rater_class} {self.label}"
