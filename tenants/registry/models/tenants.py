"""Tenants (租户) and the domains they answer on."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

CODE_PATTERN = r"^[a-z][a-z0-9-]{1,31}$"


class TenantKind(models.TextChoices):
    """What a tenant is (租户类型); decides its tables and its pages (TENANT_TYPES)."""

    PUBLIC = "public", _("平台")
    COLLEGE = "college", _("学校")
    PROVINCE = "province", _("省级机构")


class TenantState(models.TextChoices):
    """Only an active tenant answers requests and runs jobs (租户状态)."""

    PREPARING = "preparing", _("建立中")
    ACTIVE = "active", _("使用中")
    SUSPENDED = "suspended", _("已停用")


class Tenant(TenantMixin):
    """A college, a province or the platform itself (租户).

    ``schema_name`` is also the name of its PostgreSQL login role and says nothing about who it is: t_000123 is number
    123.  ``code`` is for people and commands; it never reaches the database's own names.
    """

    auto_create_schema = False
    auto_drop_schema = False

    kind = models.CharField("类型", max_length=12, choices=TenantKind)
    code = models.CharField(
        "代码",
        max_length=32,
        unique=True,
        validators=[RegexValidator(CODE_PATTERN, "用小写字母、数字和连字符，字母开头，2到32个字符。")],
    )
    name = models.CharField("名称", max_length=100)
    state = models.CharField("状态", max_length=12, choices=TenantState, default=TenantState.PREPARING)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "租户"
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in TenantKind]), name="tenant_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=r"^(public|t_[0-9]{6,9})$"), name="tenant_schema_opaque"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Whether requests and jobs are served."""
        return self.state == TenantState.ACTIVE


class Domain(DomainMixin):
    """A host name that leads to a tenant (域名); lower case, without port."""

    class Meta:
        verbose_name = "域名"
        ordering: ClassVar[list[str]] = ["domain"]
