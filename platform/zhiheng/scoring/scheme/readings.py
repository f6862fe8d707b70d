"""Readings (条款理解): an ambiguous clause, its options, and the option this college chose (rules.md part 6).

Anywhere in a document `{"$reading": code}` stands for the chosen value and
`{"$choose": code, "cases": {option: anything}}` for one of several sub-documents.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhiheng.scoring.errors import ScoringError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """条款理解: one ambiguous clause; `value` is the option in force, `chosen` tells whether somebody chose it."""

    code: str
    title: str
    options: Mapping[str, str]
    default: Any
    value: Any
    chosen: bool
    clause: str = ""
    note: str = ""
    impact: str = "points"

    @property
    def meaning(self) -> str:
        """The option in force, in words."""
        return self.options.get(option_key(self.value), str(self.value))


@dataclass(slots=True)
class Resolved:
    """代入后的文件: the document without `$reading` and `$choose`, and where each reading was used."""

    document: Any
    uses: list[tuple[Path, str]] = field(default_factory=list)
    errors: list[ScoringError] = field(default_factory=list)


def option_key(value: Any) -> str:
    """Name of an option as documents write it; true and false are written in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def readings_of(
    document: Mapping[str, Any], overrides: Mapping[str, Any] | None = None
) -> dict[str, Reading]:
    """Readings of a document by code, with the values in `overrides` in place of those written there."""
    found: dict[str, Reading] = {}
    for entry in document.get("readings") or []:
        if not isinstance(entry, Mapping) or "code" not in entry:
            continue
        code = str(entry["code"])
        value = (overrides or {}).get(code, entry.get("value"))
        found[code] = Reading(
            code=code,
            title=str(entry.get("title", code)),
            options={str(key): str(text) for key, text in (entry.get("options") or {}).items()},
            default=entry.get("default"),
            value=entry.get("default") if value is None else value,
            chosen=value is not None,
            clause=str(entry.get("clause", "")),
            note=str(entry.get("note", "")),
            impact=str(entry.get("impact", "points")),
        )
    return found


def reading_errors(readings: Mapping[str, Reading]) -> list[ScoringError]:
    """Defaults and choices that are not among the options."""
    problems = []
    for reading in readings.values():
        for name, value in (("默认", reading.default), ("选择", reading.value)):
            if reading.options and option_key(value) not in reading.options:
                reason = f"{name}的“{value}”不在可选理解之中。"
                problems.append(
                    ScoringError(
                        "reading.option",
                        f"readings.{reading.code}",
                        reason,
                        f"可选：{'、'.join(reading.options)}。",
                    )
                )
    return problems


def resolve(document: Any, readings: Mapping[str, Reading]) -> Resolved:
    """The document with every reading put in; unknown readings and missing cases are gathered as errors."""
    result = Resolved(None)
    result.document = _walk(document, (), readings, result)
    return result


def _walk(value: Any, path: Path, readings: Mapping[str, Reading], result: Resolved) -> Any:
    if isinstance(value, Mapping):
        if "$reading" in value:
            return _chosen_value(value, path, readings, result)
        if "$choose" in value:
            return _chosen_case(value, path, readings, result)
        walked = {key: _walk(item, (*path, key), readings, result) for key, item in value.items()}
        return {key: item for key, item in walked.items() if item is not None or not _is_choice(value[key])}
    if isinstance(value, list):
        return _flat(
            [(item, _walk(item, (*path, place), readings, result)) for place, item in enumerate(value)]
        )
    return value


def _flat(pairs: list[tuple[Any, Any]]) -> list[Any]:
    items: list[Any] = []
    for written, walked in pairs:
        chosen = _is_choice(written)
        if chosen and isinstance(walked, list):
            items.extend(walked)
        elif not (chosen and walked is None):
            items.append(walked)
    return items


def _is_choice(value: Any) -> bool:
    return isinstance(value, Mapping) and "$choose" in value


def _found(code: str, path: Path, readings: Mapping[str, Reading], result: Resolved) -> Reading | None:
    reading = readings.get(code)
    if reading is None:
        advice = f"已有：{'、'.join(readings) or '无'}。"
        result.errors.append(
            ScoringError("reading.unknown", place_of(path), f"没有名为“{code}”的条款理解。", advice)
        )
        return None
    result.uses.append((path, code))
    return reading


def _chosen_value(
    value: Mapping[str, Any], path: Path, readings: Mapping[str, Reading], result: Resolved
) -> Any:
    reading = _found(str(value["$reading"]), path, readings, result)
    return reading.value if reading else None


def _chosen_case(
    value: Mapping[str, Any], path: Path, readings: Mapping[str, Reading], result: Resolved
) -> Any:
    reading = _found(str(value["$choose"]), path, readings, result)
    if reading is None:
        return None
    cases = value.get("cases") or {}
    unknown = [case for case in cases if reading.options and case not in reading.options]
    missing = [option for option in reading.options if option not in cases]
    if unknown or missing:
        reason = f"条款理解“{reading.code}”的情形不齐：" + "；".join(
            part
            for part in (
                f"多出 {'、'.join(unknown)}" if unknown else "",
                f"缺 {'、'.join(missing)}" if missing else "",
            )
            if part
        )
        result.errors.append(
            ScoringError("reading.cases", place_of(path), reason + "。", "cases 须与 options 一一对应。")
        )
    return _walk(cases.get(option_key(reading.value)), path, readings, result)


def place_of(path: Path) -> str:
    """A path as people write it: tree.K1.params.bands[2].when."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
