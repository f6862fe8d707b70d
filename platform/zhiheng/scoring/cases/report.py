"""Verdicts of a file of cases, single ones and whole years, and their plain form for people and machines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiheng.scoring.cases.bench import Bench
from zhiheng.scoring.cases.compare import Difference, shown
from zhiheng.scoring.cases.model import CaseError
from zhiheng.scoring.cases.run import judge
from zhiheng.scoring.cases.year_run import judge_year


@dataclass(frozen=True, slots=True)
class Line:
    """结论行: one case with expected and found in words, its differences, and labels that could not be compared."""

    id: str
    rule: str
    reading: str
    expected: str
    found: str
    gaps: tuple[Difference, ...]
    compared: int = 1
    unknown: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether everything that was compared agrees."""
        return not self.gaps

    def plain(self) -> dict[str, Any]:
        """The line as JSON holds it."""
        return {
            "id": self.id, "rule_id": self.rule, "reading": self.reading, "agrees": self.agrees, "expected": self.expected,
            "found": self.found, "compared": self.compared, "not_compared": list(self.unknown),
            "differences": [{"place": gap.place, "expected": gap.expected, "found": gap.found} for gap in self.gaps],
        }  # fmt: skip


def lines_of(document: Mapping[str, Any], templates: Path) -> Iterator[Line]:
    """Every case of a file in order, calculated when asked for."""
    bench = Bench(templates)
    for case in document.get("cases") or ():
        yield _single(bench, case)
    for case in document.get("end_to_end") or ():
        yield _whole(bench, case)


def _single(bench: Bench, case: Mapping[str, Any]) -> Line:
    verdict = judge(bench, case)
    asked = (
        {name: verdict.found.get(name) for name in verdict.expected} if verdict.found is not None else None
    )
    found = _words(asked) if asked is not None else verdict.gaps[0].found
    return Line(
        verdict.id,
        verdict.rule,
        reading_in_words(verdict.reading),
        _words(verdict.expected),
        found,
        verdict.gaps,
    )


def _whole(bench: Bench, case: Mapping[str, Any]) -> Line:
    code, reading = str(case["id"]), reading_in_words(case.get("reading", "default"))
    rule = str(case.get("rule_id", "whole scheme"))
    try:
        expected, gaps, unknown = judge_year(bench, case)
    except CaseError as error:
        return Line(code, rule, reading, "全年", str(error), (Difference("", "全年", str(error)),), 0)
    count = _count(expected)
    agreeing = count - len(gaps)
    return Line(
        code, rule, reading, f"{count} 个数值", f"{agreeing} 个相符", tuple(gaps), count, tuple(unknown)
    )


def _count(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(_count(item) for name, item in value.items() if name not in ("calc", "why"))
    return (
        sum(map(_count, value))
        if isinstance(value, list) and value and isinstance(value[0], Mapping | list)
        else 1
    )


def _words(values: Mapping[str, Any]) -> str:
    if set(values) == {"score"}:
        return shown(values["score"])
    return "；".join(f"{name}={shown(item)}" for name, item in values.items())


def reading_in_words(reading: Any) -> str:
    """A reading as `name=value`, empty for the default."""
    if isinstance(reading, Mapping):
        return "，".join(f"{name}={shown(value)}" for name, value in reading.items())
    return "" if reading in (None, "default") else str(reading)
