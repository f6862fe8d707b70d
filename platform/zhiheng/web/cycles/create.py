"""Plan a year (新建年度): which published scheme, which year, from when to when."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from assessment.models import SchemeVersion, VersionState
from assessment.selectors import cycles as reads
from assessment.selectors.schemes import version_for
from assessment.services.cycles import cycle_create
from zhiheng.kernel.errors import Code, Problem
from zhiheng.web.cycles.views import area_crumbs, cycle_href
from zhiheng.web.formpage import FormPage
from zhiheng.web.guards import requires


class CycleForm(forms.Form):
    """A year."""

    version = forms.ChoiceField(
        label=gettext_lazy("方案"), help_text=gettext_lazy("只列出已发布的方案；一个年度从头到尾用同一版。")
    )
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=200)
    starts_on = forms.DateField(
        label=gettext_lazy("开始日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=gettext_lazy("结束日"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("首尾两天都算在内。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = (
            SchemeVersion.objects.filter(state=VersionState.PUBLISHED)
            .select_related("scheme")
            .defer("document")
        )
        choices = [(f"{v.scheme.code}/{v.number}", str(v)) for v in found]
        self.fields["version"].choices = choices  # type: ignore[attr-defined]


@requires("cycle.run")
class CreateCycle(FormPage):
    """New year of a published scheme."""

    form_class = CycleForm
    heading: ClassVar[str] = gettext_noop("新建年度")
    lead: ClassVar[str] = gettext_noop("先建好，再启动填报；启动前各部门看不到。")
    submit_label: ClassVar[str] = gettext_noop("新建年度")
    done_message: ClassVar[str] = gettext_noop("年度已建好。核对步骤后启动填报。")

    @property
    def cancel_href(self) -> str:  # type: ignore[override]
        """Back to the list."""
        return reverse("cycles:list")

    def initial(self) -> dict[str, Any]:
        """The year after the last one."""
        year = (reads.years() or [timezone.localdate().year - 1])[0] + 1
        return {
            "year": year,
            "title": _("{year}年度考核").format(year=year),
            "starts_on": f"{year}-01-01",
            "ends_on": f"{year}-12-31",
        }

    def save(self, form: Any) -> str:
        """Create it."""
        data = form.cleaned_data
        scheme, _slash, number = data["version"].rpartition("/")
        version = version_for(scheme_code=scheme, number=int(number))
        code = f"{scheme}-{data['year']}"
        if reads.cycles().filter(code=code).exists():
            raise Problem(
                Code.INVALID_INPUT, field="year", place=_("年度"), reason=_("这个方案已有{year}年度").format(year=data["year"]),
                advice=_("请打开已有的年度，或换一个年度"),
            )  # fmt: skip
        before = reads.cycles().filter(version__scheme=version.scheme, year__lt=data["year"]).first()
        cycle = cycle_create(
            code=code, title=data["title"], version=version, starts_on=data["starts_on"], ends_on=data["ends_on"],
            year=data["year"], previous=before, acting_user=self.request.user,
        )  # fmt: skip
        messages.info(
            self.request,
            _("共{n}个步骤、{m}个填报部门。").format(n=cycle.steps.count(), m=cycle.submissions.count()),
        )
        return cycle_href(cycle)

    def context(self) -> dict[str, Any]:
        """Crumbs."""
        return {"crumbs": area_crumbs((_("新建年度"), ""))}
