"""A whole year as a case: every unit's inputs laid out through the rules' own tables, decisions, money, quotas."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhiheng.scoring.cases.bench import Bench, Case
from zhiheng.scoring.cases.model import Sheet
from zhiheng.scoring.cases.year_names import GROUPS, UNIT_KEYS
from zhiheng.scoring.cases.year_units import UnitReader
from zhiheng.scoring.scheme.model import Scheme


@dataclass(slots=True)
class Year:
    """全年算例: sheet, units by group, and the scheme the year is scored with."""

    bench: Bench
    college: str
    inputs: Mapping[str, Any]
    reading: Any
    sheet: Sheet = field(default_factory=Sheet)
    groups: dict[str, list[str]] = field(default_factory=dict)
    edits: dict[str, dict[str, Any]] = field(default_factory=dict)
    _schemes: dict[int, Scheme] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The year as a case of the whole scheme, for its reading."""
        return Case(self.bench, f"{self.college}-00", self.inputs, self.reading)

    def scheme(self) -> Scheme:
        """The template's scheme with the reading of the year."""
        if len(self.edits) not in self._schemes:
            self._schemes[len(self.edits)] = self.bench.scheme(
                self.college, self.case.choice().readings, self.edits
            )
        return self._schemes[len(self.edits)]

    def add_units(self) -> None:
        """All units of all groups with everything they report."""
        for group, code, data in units_of(self.inputs["units"]):
            kind = self._type(group, data)
            title = GROUPS[self.college].get(group, (group, ""))[0] if group else ""
            self.groups.setdefault(title or group, []).append(code)
            self.sheet.add(code, kind)
            UnitReader(self, code, kind).read(data)
        self.sheet.college.update(self.case.choice().college)

    def _type(self, group: str, data: Mapping[str, Any]) -> str:
        titles = {title: code for code, title in self.scheme().unit_types.items()}
        stated = data.get("type", data.get("unit_type"))
        if stated:
            return titles.get(str(stated), str(stated))
        departmental = {"style", "method", "tasks", "work"} & {str(key) for key in data}
        otherwise = ("DEP" if departmental else "SC") if self.college == "LYG" else group
        kind = GROUPS[self.college].get(group, (group, otherwise))[1]
        library = (data.get("common") or {}).get("C13a") or {}
        return "teaching_no_students" if kind == "teaching" and library.get("group") == "functional" else kind


def units_of(units: Any) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Group, code and data of every unit, from mappings by group, mappings by code, or lists."""
    if isinstance(units, Mapping):
        for name, entry in units.items():
            nested = (
                isinstance(entry, Mapping)
                and entry
                and all(isinstance(item, Mapping) for item in entry.values())
            )
            if nested and not _is_unit(entry):
                yield from ((str(name), str(code), data) for code, data in entry.items())
            elif isinstance(entry, Sequence) and not isinstance(entry, str):
                yield from ((str(name), _code(data), data) for data in entry)
            else:
                yield str(entry.get("group", "")), str(name), entry
        return
    for data in units:
        yield str(data.get("group", "")), _code(data), data


def _is_unit(entry: Mapping[str, Any]) -> bool:
    return bool(UNIT_KEYS & {str(key) for key in entry})


def _code(data: Mapping[str, Any]) -> str:
    return str(data.get("unit", data.get("code", data.get("id"))))
