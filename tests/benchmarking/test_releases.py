"""Releases and statistics: own rows only, exact quotients, floors, complementary suppression.

Several roles must see each other's committed rows, so the tenants of this module are its own and each test has a year
of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from tenants.registry.context import public_context, tenant_context
from tenants.registry.models import Tenant
from tenants.registry.services.provisioning import deprovision, provision
from zhiheng.benchmarking.models import PeerStatistic, ReleasedValue, ReleaseLevel
from zhiheng.benchmarking.selectors.peers import group_for, peer_rows
from zhiheng.benchmarking.services.profiles import profile_set
from zhiheng.benchmarking.services.releases import Figure, province_upload, release_publish
from zhiheng.benchmarking.services.statistics import peer_group_define, statistics_freeze
from zhiheng.kernel.errors import Problem
from zhiheng.library.services.sync import library_sync
from zhiheng.provincial.selectors.progress import distributions, progress
from zhiheng.provincial.services.reports import report_build

TABLES = ["library_indicatordefinition", "library_template", "benchmarking_release", "benchmarking_peergroup",
          "benchmarking_collegeprofile"]  # fmt: skip
YEARS = count(2023)


@dataclass(frozen=True)
class World:
    """Two colleges, their province, 20 colleges that are not on the platform."""

    a: Tenant
    b: Tenant
    province: Tenant


@pytest.fixture(scope="module")
def world(session_tenants: Any, django_db_blocker: Any) -> Iterator[World]:
    """Library, profiles and groups in place, really committed; all removed afterwards."""
    with django_db_blocker.unblock():
        made = World(
            *(_made(kind, code) for kind, code in (("college", "ba"), ("college", "bb"), ("province", "bp")))
        )
        with public_context():
            library_sync()
            _profiles(made)
        yield made
        for tenant in (made.a, made.b, made.province):
            deprovision(tenant=tenant, acting_user=None)
        with connection.as_owner("public", "public"), connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        connections.close_all()


def _made(kind: str, code: str) -> Tenant:
    return provision(kind=kind, code=code, name=code, domain=f"{code}.testserver.localhost", acting_user=None)


def _profiles(world: World) -> None:
    common = {"province": world.province.schema_name, "province_name": "丙省", "discipline": "综合"}
    colleges = [world.a.schema_name, world.b.schema_name, *(f"x_{n}" for n in range(20))]
    for number, college in enumerate(colleges):
        profile_set(
            college=college, acting_user=None, name=f"学校{number}", ownership="公办",
            tier="省双高" if number < 9 else "其他", students=8000 + number, on_platform=number < 2, **common,
        )  # fmt: skip
    peer_group_define(code="province", title="同省", criteria={"province_name": "丙省"}, acting_user=None)
    peer_group_define(code="tier", title="同层次", criteria={"tier": "省双高"}, acting_user=None)
    peer_group_define(code="size", title="同规模", criteria={"students_from": 8001}, acting_user=None)


@pytest.fixture
def year(world: World, django_db_blocker: Any) -> Iterator[int]:
    """A year that no other test uses."""
    with django_db_blocker.unblock():
        yield next(YEARS)


def _release(
    tenant: Tenant, year: int, numerator: int, denominator: int = 1000, level: str = ReleaseLevel.OFFICIAL
) -> None:
    with tenant_context(tenant):
        figures = [Figure("settled_rate", Decimal(numerator), Decimal(denominator))]
        release_publish(year=year, level=level, figures=figures, acting_user=None)


def _upload(province: Tenant, year: int, count: int) -> None:
    with tenant_context(province):
        for n in range(count):
            figures = [Figure("settled_rate", Decimal(900 + n), Decimal(1000))]
            province_upload(college=f"x_{n}", year=year, figures=figures, acting_user=None)


def test_a_college_reads_and_writes_its_own_rows_only(world: World, year: int) -> None:
    _release(world.a, year, 931)
    _release(world.b, year, 888)
    with tenant_context(world.a):
        assert list(ReleasedValue.objects.filter(year=year).values_list("value", flat=True)) == [
            Decimal("93.100000")
        ]
        assert ReleasedValue.objects.filter(college=world.b.schema_name).delete()[0] == 0
        own = ReleasedValue.objects.get(year=year)
        own.pk, own.college = None, world.b.schema_name
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            own.save(force_insert=True)
    with tenant_context(world.b):
        assert ReleasedValue.objects.get(year=year).value == Decimal("88.800000")


def test_values_are_exact_quotients(world: World, year: int) -> None:
    _release(world.a, year, 2, 3)
    with tenant_context(world.a):
        assert ReleasedValue.objects.get(year=year).value == Decimal("66.666667")


def test_a_ratio_without_denominator_and_an_unknown_indicator_are_refused(world: World, year: int) -> None:
    with tenant_context(world.a):
        for figure in (Figure("settled_rate", Decimal(1)), Figure("no_such", Decimal(1))):
            with pytest.raises(Problem, match=r"毕业去向落实率|no_such"):
                release_publish(year=year, level="peer", figures=[figure], acting_user=None)
        assert not ReleasedValue.objects.filter(year=year).exists()


def test_below_the_floor_nothing_but_the_count_is_stored(world: World, year: int) -> None:
    _release(world.a, year, 931)
    _upload(world.province, year, 8)
    with public_context():
        statistics_freeze(year=year)
        row = PeerStatistic.objects.get(year=year, group__code="province")
        assert (row.n, row.median, row.p10, row.withheld) == (9, None, None, "floor")
    with tenant_context(world.a):
        shown = {r.definition.code: r for r in peer_rows(group=group_for("province"), year=year)}[
            "settled_rate"
        ]
        assert shown.percentile is None
        assert shown.own == Decimal("93.100000")


def test_quantiles_and_percentile_from_ten_on(world: World, year: int) -> None:
    _release(world.a, year, 905)
    _upload(world.province, year, 12)
    with public_context():
        statistics_freeze(year=year)
        row = PeerStatistic.objects.get(year=year, group__code="province")
        # 90.0, 90.1 … 91.1 and 90.5 once more: 13 values
        assert (row.n, row.median, row.q1, row.q3) == (13, Decimal("90.5"), Decimal("90.3"), Decimal("90.8"))
    with tenant_context(world.a):
        shown = {r.definition.code: r for r in peer_rows(group=group_for("province"), year=year)}[
            "settled_rate"
        ]
        # five below, two equal (itself among them): (5 + 1) of 13
        assert shown.percentile == Decimal("46.2")


def test_groups_that_differ_by_one_member_are_withheld(world: World, year: int) -> None:
    _release(world.a, year, 905)
    _upload(world.province, year, 12)
    with public_context():
        statistics_freeze(year=year)
        # “size” leaves out exactly one releasing member of “province”: the difference would describe it.
        assert PeerStatistic.objects.get(year=year, group__code="size").withheld == "difference"


def test_statistics_functions_are_closed_to_colleges(world: World, year: int) -> None:
    with (
        tenant_context(world.a),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT zh_freeze_statistics(2025)")


def test_a_province_sees_official_values_by_name_and_peer_values_not(world: World, year: int) -> None:
    _release(world.a, year, 931)
    _release(world.b, year, 888, level=ReleaseLevel.PEER)
    with tenant_context(world.province):
        rows = {row.definition.code: row for row in distributions(year)}
        assert rows["settled_rate"].values == (("学校0", Decimal("93.100000")),)
        states = {row.profile.name: row.state for row in progress(year)}
        assert (states["学校0"], states["学校1"]) == ("报送中", "未报送")


def test_a_province_cannot_hand_in_for_a_college_on_the_platform(world: World, year: int) -> None:
    with tenant_context(world.province), pytest.raises(Problem):
        province_upload(college=world.a.schema_name, year=year, figures=[], acting_user=None)


def test_a_report_freezes_what_it_shows(world: World, year: int) -> None:
    _release(world.a, year, 931)
    with tenant_context(world.province):
        first = report_build(year=year, title="2025年度报告", acting_user=None)
    _release(world.a, year, 950)
    with tenant_context(world.province):
        second = report_build(year=year, title="2025年度报告", acting_user=None)
        assert (first.edition, second.edition) == (1, 2)
        medians = [
            next(d["median"] for d in r.document["distributions"] if d["code"] == "settled_rate")
            for r in (first, second)
        ]
        assert medians == ["93.1", "95"]
