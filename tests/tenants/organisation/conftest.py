"""A small college: three departments, a secondary college, posts, people, a calendar."""

from datetime import date
from typing import Any

import pytest

from tenants.organisation import services as org
from tenants.organisation.models import Unit
from tenants.registry.models import Tenant
from zhiheng.accounts.models import User
from zhiheng.accounts.services import role_grant, user_create

START = date(2020, 9, 1)


def make_unit(
    code: str, name: str, kind: str = "functional", parent: Unit | None = None, **more: Any
) -> Unit:
    """A unit that exists from START."""
    more.setdefault("valid_from", START)
    return org.unit_create(code=code, name=name, kind=kind, parent=parent, acting_user=None, **more)


@pytest.fixture
def admin(in_college: Tenant) -> User:
    """The college's administrator."""
    user = user_create(username="20100001", name="管理员", acting_user=None)
    role_grant(user=user, role="admin", acting_user=None, valid_from=START)
    return user


@pytest.fixture
def staff(in_college: Tenant) -> User:
    """Somebody who may only read."""
    user = user_create(username="20100002", name="李教师", acting_user=None)
    role_grant(user=user, role="staff", acting_user=None, valid_from=START)
    return user


@pytest.fixture
def units(in_college: Tenant) -> dict[str, Unit]:
    """学校 with 教务处, 党委组织部, 人事处, 统战部 and 机电工程学院; 教务处 has an 考试中心 below it."""
    college = make_unit("00", "甲职业技术学院", "college")
    return {
        "00": college,
        "01": make_unit("01", "教务处", parent=college, short_name="教务"),
        "0101": make_unit("0101", "考试中心", "support", None),
        "02": make_unit("02", "党委组织部", "party", college),
        "03": make_unit("03", "人事处", parent=college),
        "04": make_unit("04", "统战部", "party", college),
        "20": make_unit("20", "机电工程学院", "secondary", college),
    }
