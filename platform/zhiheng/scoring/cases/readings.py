"""A case's reading as the template's own readings: names as the inventory prints them, values by meaning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhiheng.scoring.cases.model import CaseError, Document
from zhiheng.scoring.scheme.numbers import is_number

_SAME_MEANING = (
    {"trimmed", "trimmed_mean", "trim"},
    {
        "reweight",
        "re_weight",
        "reweighted",
        "not_applicable",
        "n/a",
        "na",
        "drop",
        "dropped",
        "missing_item",
        "leaf_dropped",
    },
    {"full", "4", "all_full", "every_unit_full", "full_points"},
    {"zero", "0", "all_zero", "every_unit_0"},
    {"grades", "grade_map", "map", "90/70/50"},
    {"judged", "judged_fraction", "assessor", "entered"},
    {"classes", "weighted", "weights", "per_class", "by_class", "class_weights"},
    {"pass", "let_through", "pass_on", "pass_to_next", "through", "next", "pass_to_the_next"},
    {"stop", "stop_at_k5.4", "stop_at_k54", "k5.4"},
    {"empty", "stay_empty", "stays_empty", "none"},
    {"pending", "tie_pending", "tie_pending_at_once", "at_once"},
    {"first_only", "first"},
    {"teaching", "teaching_months"},
    {"all", "all_12", "12", "all_months", "all_levels"},
    {"highest", "highest_only"},
    {"full_amount", "every_full", "every_full_amount", "full", "full_step", "every_full_2/5", "amount"},
    {"per_enterprise", "each"},
    {"ignore", "ignore_bottom", "ignore_bottom_rule"},
    {"bottom", "all_bottom"},
    {"better", "lower", "better_band"},
    {"worse", "upper", "worse_band"},
    {"judged_total", "true", "judged", "judged_figure", "one_figure", "holistic"},
    {"normalised", "normalized"},
    {"received", "receipts"},
    {"own", "own_enrolled"},
    {"strict", "exclusive"},
    {"at_or_below", "inclusive", "<=", "le"},
    {"below", "exclusive", "<", "lt"},
    {"round", "half_up", "nearest"},
    {"blocks", "annex_1_2", "annex_1-2"},
    {"halves", "split", "10+10", "10_10"},
    {"two", "two_levels"},
    {"flat", "one", "one_level"},
    {"task", "task_once", "once", "per_task", "task_once_a_year"},
    {"bulletin", "bulletin_entry", "entry"},
    {"once_per_kind", "per_kind", "once"},
    {"per_occurrence", "occurrence"},
    {"persons", "of_persons"},
    {"books", "books_borrowed"},
    {"functional", "like_functional", "as_functional"},
    {"capped", "1", "cap"},
    {"none", "no_cap", "uncapped"},
    {"block", "all_2", "r6", "all_r6", "2", "all"},
    {"item", "this_1", "point", "1", "r6b"},
    {"ratio_to_best", "best", "ratio"},
    {"own", "own_rate"},
    {"bad", "差", "差_first", "bad_first", "forced_bad", "grade_bad", "forced", "forced_to_差", "forced_差"},
    {"good", "好", "好_first", "good_first"},
    {"removed", "removed_from_ranking", "exclude", "remove", "excluded"},
    {"cap", "capped", "cap_at_中", "cap_grade"},
    {"base", "base_after_excuses"},
    {"c14", "C14", "duty"},
    {"late_task", "late_routine_task", "f4", "F4"},
    {"information", "information_only", "info"},
    {"quarters", "0.25_each", "each_0.25", "0.25", "separate"},
    {"shared", "one_pot"},
    {"material_counts", "counts_as_missed"},
    {"seminars_only", "does_not", "not_counted"},
    {"each_item", "items", "per_item"},
    {"programmes", "programmes_with_partner"},
    {"share", "average"},
    {"one", "1", "min_1", "minimum_1"},
    {"threshold_total", "threshold", "total", "threshold_on_total"},
    {"threshold_target", "threshold_t", "t", "threshold_on_t"},
    {"all_or_nothing", "all_or_none"},
    {"contracted", "contract"},
    {"second_full", "second_full_week", "second"},
    {"next", "next_calendar_week", "calendar"},
)
_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "tie": ("tie", "ties", "tie_break"),
    "ref": ("ref", "reference", "average"),
    "rounding": ("rounding", "f", "round"),
    "rank_points": ("rank_points", "mode", "method", "formula", "rank"),
    "joint": ("joint", "joint_units"),
    "branches": ("branches", "mode"),
    "fail": ("fail", "mode", "criterion"),
    "pass_on": ("pass_on", "slots", "barred_slots"),
}
_WITHOUT_EFFECT = {
    ("LYG-K3.2", "combine"),
    ("LYG-K3.2", "average"),
    ("LYG-K3.2", "shares"),
    ("JZU-C03", "over_100"),
}
_SHARED = ("CV-3", "CV-7", "CV-9", "CV-12", "CV-13")
_NEIGHBOURS: Mapping[str, tuple[str, ...]] = {
    "LYG-K8-V": ("LYG-K8.4b",), "JZU-G2": ("JZU-G1", "JZU-G3"), "JZU-G1": ("JZU-G3",), "JZU-G5": ("JZU-G7", "JZU-G1"),
    "JZU-G7": ("JZU-G1", "JZU-G3"), "JZU-G3": ("JZU-G1",), "JZU-T1": ("JZU-F1",), "JZU-T2": ("JZU-F2",), "JZU-X3": ("JZU-F2",),
    "JZU-SPILL": ("JZU-F4", "JZU-T3"), "JZU-B2": ("JZU-F4",), "JZU-R2.7": ("JZU-R2.7a",), "JZU-D2": ("JZU-C03",),
    "LYG-K5.3": ("LYG-K5.3d",), "LYG-G3": ("LYG-G1", "LYG-G4"), "JZU-C14": ("JZU-X4", "JZU-B2"), "LYG-07": ("LYG-K1.1a",),
    "LYG-K6a": ("LYG-K1.1a", "LYG-06", "LYG-07"), "LYG-K1.1a": ("LYG-06", "LYG-07"), "JZU-R6a": ("JZU-R6b",),
}  # fmt: skip


@dataclass(slots=True)
class Choice:
    """选定的理解: readings of the template, figures of the college, a typed benchmark, weights of voters, and what no rule knows."""

    readings: dict[str, Any] = field(default_factory=dict)
    college: dict[str, Any] = field(default_factory=dict)
    reference: Any = None
    voters: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


def choose(template: Document, rule: str, reading: Any, leaf: str = "") -> Choice:
    """The choices a case's reading stands for. Raises CaseError for a reading that no rule knows."""
    choice = Choice()
    if not isinstance(reading, Mapping):
        if reading not in (None, "", "default"):
            raise CaseError(f"无法识别的理解“{reading}”")
        return choice
    known = {item["code"]: item for item in template.get("readings", ())}
    owners = [f"{rule.partition('-')[0]}-{leaf}"] if leaf else []
    owners += [rule, *_NEIGHBOURS.get(rule, ()), *_SHARED]
    if rule.endswith("-00"):
        owners += [code.rpartition(".")[0] for code in known]
    for name, value in sorted(reading.items(), key=lambda pair: str(pair[0]).startswith("fail_below")):
        _apply(choice, known, owners, str(name), value)
    return choice


def _apply(choice: Choice, known: Mapping[str, Document], owners: list[str], name: str, value: Any) -> None:
    if name.startswith("fail_below"):
        target = name.lower().endswith("_t") or name.lower().endswith("target")
        choice.readings.setdefault("LYG-G4.fail", "threshold_target" if target else "threshold_total")
        choice.college["fail_below"] = value
        return
    if name in ("ref", "reference") and is_number(value):
        choice.reference = value
        return
    if name == "voters" and isinstance(value, Mapping):
        _voters(choice, value)
        return
    if any((owner, name) in _WITHOUT_EFFECT or (owner, _plain(value)) in _WITHOUT_EFFECT for owner in owners):
        return
    code, option = _found(known, owners, name, value)
    if code is None:
        choice.extra[name] = value
        return
    choice.readings[code] = option


def _voters(choice: Choice, weights: Mapping[str, Any]) -> None:
    choice.readings["LYG-01.voters"] = "classes"
    choice.voters = {str(name): weight for name, weight in weights.items()}


def _found(
    known: Mapping[str, Document], owners: Iterable[str], name: str, value: Any
) -> tuple[str | None, Any]:
    """The reading meant: by owner and name, by another name of it, or by the only reading that has such an option."""
    owners = list(owners)
    names = [name, *(own for own, others in _OTHER_NAMES.items() if name in others)]
    for owner in owners:
        for word in names:
            code = f"{owner}.{word}"
            if code in known:
                option = option_of(known[code], value)
                if option is not None:
                    return code, option
    for owner in owners:
        fits = [
            (code, option_of(item, value)) for code, item in known.items() if code.rpartition(".")[0] == owner
        ]
        fits = [(code, option) for code, option in fits if option is not None]
        if len(fits) == 1:
            return fits[0]
    return None, None


def option_of(reading: Document, value: Any) -> Any:
    """The option of a reading that a value means, None if none does; exact wording goes before meaning."""
    word = _plain(value)
    options = [str(option) for option in reading["options"]]
    for option in options:
        if _plain(option) == word:
            return option
    meaning = {
        other for group in _SAME_MEANING if word in {_plain(item) for item in group} for other in group
    }
    close = [option for option in options if _plain(option) in {_plain(item) for item in meaning}]
    return close[0] if len(close) == 1 else None


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return (
        str(value).strip().lower().replace(" ", "_").replace("-", "_")
        if not is_number(value)
        else str(value).strip()
    )
