"""What the workbench shows (工作台内容), gathered per kind of tenant from selectors."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.selectors.cycles import cycle_of_year
from assessment.selectors.schemes import schemes
from tenants.organisation import selectors as organisation
from tenants.organisation.selectors import calendar as calendar_selectors
from zhiheng.web import sources
from zhiheng.web.home import college
from zhiheng.web.home.board import Board, FirstStep
from zhiheng.web.shell import chosen_year


def cards_for(request: HttpRequest) -> Board:
    """The workbench of this person."""
    tenant: Any = getattr(request, "tenant", None)
    user: Any = request.user
    board = Board()
    if tenant is None or tenant.get_tenant_type() != "college":
        return board
    if user.can("unit.edit"):
        board.first_steps = first_steps()
    years = sources.years("college")
    cycle = cycle_of_year(chosen_year(request, years)) if years and user.can("cycle.view") else None
    if cycle is not None:
        college.fill(board, request, cycle)
    return board


def first_steps() -> list[FirstStep]:
    """Setting up a college, in the order in which one thing needs the other."""
    upload = reverse("organisation:import")
    return [
        FirstStep(
            _("导入单位、岗位和人员"),
            _("一个.xlsx文件，错在哪一格会逐处指出。"),
            upload,
            _("去导入"),
            organisation.units_as_of().exists(),
        ),
        FirstStep(
            _("说明谁参加考核"),
            _("同一个文件的“被考核单位”表：合署的部门算一家还是两家，谁和谁排在一起。"),
            upload,
            _("去导入"),
            organisation.assessed_units().exists(),
        ),
        FirstStep(
            _("填好校历"),
            _("学期从哪个星期一开始、共几周，“第15—16周”才能换算成日期。"),
            reverse("organisation:calendar"),
            _("看校历"),
            calendar_selectors.terms().exists(),
        ),
        FirstStep(
            _("采用一个考核方案"),
            _("从模板库选一个接近的，再改成自己的。"),
            reverse("schemes:templates"),
            _("选模板"),
            schemes().exists(),
        ),
    ]
