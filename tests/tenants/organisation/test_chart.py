"""The chart as a picture: well formed, nothing overlaps, everything readable."""

from dataclasses import dataclass, field
from itertools import combinations
from xml.etree import ElementTree as ET

from tenants.organisation.chart import NAME_SIZE, PAD_X, ems, organisation_svg, wrapped
from tenants.organisation.models import Unit
from tenants.organisation.selectors import chart
from zhiheng.accounts.models import User

SVG = "{http://www.w3.org/2000/svg}"


@dataclass
class Plain:
    """A unit for drawing."""

    code: str
    name: str
    children: list["Plain"] = field(default_factory=list)
    signboards: list[str] = field(default_factory=list)
    cluster_partners: list[str] = field(default_factory=list)


def college() -> Plain:
    """Rules 1.a in short: departments with clusters and signboards, and teaching units."""
    departments = [
        Plain("01", "党委办公室", signboards=["校长办公室", "外事办公室"]),
        Plain(
            "03",
            "党委组织部",
            signboards=["教师工作部", "教师发展中心"],
            cluster_partners=["统战部", "人事处", "机关党总支"],
        ),
        Plain(
            "06",
            "教务处",
            signboards=["继续教育管理处", "校企合作中心"],
            children=[Plain("0601", "考试中心")],
        ),
        Plain("13", "图书馆"),
    ]
    return Plain(
        "00",
        "甲职业技术学院",
        [*departments, Plain("20", "思想政治理论课教学部（马克思主义学院）暨素质教育研究与指导中心")],
    )


def parsed(svg: str) -> ET.Element:
    """Our own picture as a tree; fails when it is not well formed."""
    return ET.fromstring(svg)  # noqa: S314


def boxes(root: ET.Element) -> list[tuple[float, float, float, float]]:
    found = [e.attrib for e in root.iter(f"{SVG}rect")]
    return [tuple(float(a[k]) for k in ("x", "y", "width", "height")) for a in found]  # type: ignore[misc]


def texts(root: ET.Element) -> list[str]:
    return [e.text or "" for e in root.iter(f"{SVG}text")]


def test_every_name_signboard_and_partner_is_there() -> None:
    root = parsed(organisation_svg([college()], title="组织机构图"))
    said = "".join(texts(root))
    for name in (
        "党委办公室",
        "挂牌：校长办公室、外事办公室",
        "合署：统战部、人事处、机关党总支",
        "考试中心",
    ):
        assert name in said
    assert root.find(f"{SVG}title").text == "组织机构图"  # type: ignore[union-attr]
    assert len(boxes(root)) == 7
    assert len(list(root.iter(f"{SVG}path"))) == 6
    assert [e.attrib["class"] for e in root.iter(f"{SVG}rect")].count("zh-chart-box is-cluster") == 1


def test_nothing_overlaps_and_all_lies_inside() -> None:
    many = Plain(
        "00",
        "校",
        [
            Plain(str(i), f"第{i}处", [Plain(f"{i}{j}", "科" * (j + 1)) for j in range(i % 4)])
            for i in range(40)
        ],
    )
    for tree in (college(), many):
        root = parsed(organisation_svg([tree, Plain("X", "另一个")], title="图"))
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for x, y, w, h in boxes(root):
            assert x >= 0
            assert y >= 0
            assert x + w <= width
            assert y + h <= height
        for (ax, ay, aw, ah), (bx, by, bw, bh) in combinations(boxes(root), 2):
            assert ax + aw <= bx or bx + bw <= ax or ay + ah <= by or by + bh <= ay


def test_superiors_stand_left_of_what_is_below() -> None:
    root = parsed(organisation_svg([college()], title="图"))
    left = [x for x, *_ in boxes(root)]
    assert left[0] == min(left)
    assert len(set(left)) == 3


def test_long_names_wrap_and_stay_in_their_box() -> None:
    name = college().children[-1].name
    lines = wrapped(name, 13)
    assert "".join(lines) == name
    assert len(lines) == 3
    assert all(ems(line) <= 14 for line in lines)
    root = parsed(organisation_svg([college()], title="图"))
    widest = max(w for _, _, w, _ in boxes(root))
    assert widest >= ems(lines[0]) * NAME_SIZE + 2 * PAD_X


def test_signs_do_not_begin_a_line() -> None:
    assert wrapped("一二三，四", 3) == ["一二三，", "四"]
    assert wrapped("", 3) == [""]
    assert ems("A1处") == 2.2


def test_markup_in_names_is_text() -> None:
    svg = organisation_svg(
        [Plain("1", '<script>"&')], title="<b>", link=lambda _: '/x?a="b"&c', note=lambda _: "<i>"
    )
    root = parsed(svg)
    assert texts(root) == ['<script>"&', "<i>"]
    assert [a.attrib["href"] for a in root.iter(f"{SVG}a")] == ['/x?a="b"&c']
    assert "<script" not in svg
    assert "style" not in svg


def test_no_units() -> None:
    assert texts(parsed(organisation_svg([], title="图"))) == ["这一天还没有机构"]


def test_draws_the_stored_chart(units: dict[str, Unit], admin: User) -> None:
    svg = organisation_svg(chart(user=admin), title="图", note=lambda n: "12人" if n.code == "01" else "")
    assert texts(parsed(svg)) == [
        "甲职业技术学院", "党委组织部", "机电工程学院", "教务处", "12人", "人事处", "统战部", "考试中心",
    ]  # fmt: skip
