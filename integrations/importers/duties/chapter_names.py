"""Names that a chapter heading gives its departments (章标题中的部门名称): second names, once each (catalogue.md A 2.5 46)."""

import re
from itertools import groupby

from integrations.importers.duties.cutting import Department
from integrations.importers.folding import squeeze

NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+\s*、|第[一二三四五六七八九十]+[章节])\s*")
UNIT = re.compile(r".{1,14}(?:部|处|室|科|所|院|系|馆|中心|办|办公室|委员会|委|会|组|队|站|校)(?:[(（].*)?")


def add_chapter_names(departments: list[Department]) -> None:
    """A chapter of one department: every name of its heading; as many names as departments: each its own, in order."""
    for chapter, found in groupby(departments, key=lambda department: department.chapter):
        mine = list(found)
        names = [name for name in squeeze(NUMBER.sub("", chapter)).split("、") if UNIT.fullmatch(name)]
        if len(mine) == 1:
            mine[0].names += _others(mine[0], names)
        elif len(mine) == len(names):
            for department, name in zip(mine, names, strict=True):
                department.names += _others(department, [name])


def _others(department: Department, names: list[str]) -> list[str]:
    """Names that are not a part of the department's own."""
    known = squeeze(department.name)
    return [name for name in names if name not in known] if department.names else []
