"""A case's reading as the template's own readings: names as the inventory prints them, values by meaning."""

import re
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
    {"full", "4", "all_full", "every_unit_full", "full_points", "every_unit", "full_marks"},
    {"native", "20/10", "native_20/10", "native_20_10"},
    {"zero", "0", "all_zero", "every_unit_0", "every_unit_zero", "all_get_0"},
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
    {"per_enterprise", "enterprise", "each"},
    {"ignore", "ignore_bottom", "ignore_bottom_rule"},
    {"bottom", "all_bottom"},
    {"better", "better_band", "upper_band", "higher_band"},
    {"worse", "upper", "lower", "worse_band", "lower_band"},
    {"share", "average", "mean_rank", "shared", "share_points"},
    {"mean_of_units", "mean", "unit_mean", "mean_of_ratios", "unweighted"},
    {
        "judged_total",
        "true",
        "yes",
        "judged",
        "judged_figure",
        "one_figure",
        "one_judged_figure",
        "holistic",
        "one",
    },
    {"normalised", "normalized"},
    {"received", "receipts"},
    {"own", "own_enrolled"},
    {"strict", "exclusive"},
    {"at_or_below", "inclusive", "<=", "le"},
    {"below", "exclusive", "<", "lt"},
    {"round", "half_up", "nearest"},
    {"blocks", "annex_1_2", "annex_1-2"},
    {"completion", "to_routine_completion", "routine_completion"},
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
    {"block", "all_2", "all_2_points", "all_2_points_of_r6", "r6", "all_r6", "2", "all"},
    {"item", "this_1", "point", "1", "r6b"},
    {"ratio_to_best", "best", "ratio"},
    {"own", "own_rate"},
    {
        "bad",
        "差",
        "差_first",
        "bad_first",
        "forced_bad",
        "grade_bad",
        "forced",
        "forced_to_差",
        "forced_差",
        "grade_forced_to_差",
        "grade_差",
    },
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
    {"one", "1", "min_1", "minimum_1"},
    {"threshold_total", "threshold", "total", "threshold_on_total"},
    {"threshold_target", "threshold_t", "t", "threshold_on_t"},
    {"all_or_nothing", "all_or_none"},
    {"contracted", "contract"},
    {"second_full", "second_full_week", "second"},
    {"next", "next_calendar_week", "calendar"},
)
_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "tie": ("tie", "ties", "tie_break", "CV-9"),
    "best_zero": ("best_zero", "zero_best", "v_zero", "CV-13"),
    "limit": ("limit", "limits", "CV-4", "boundary", "below"),
    "limits": ("limits", "limit", "ownership", "limit_belongs_to"),
    "mode": ("mode", "CV-12"),
    "peers": ("peers", "peer_set", "CV-7"),
    "rank_on": ("rank_on", "CV-3"),
    "top": ("top", "limit", "limits", "top_tier", "top_limit", "CV-4"),
    "ref": ("ref", "reference", "average"),
    "rounding": ("rounding", "f", "round"),
    "rank_points": ("rank_points", "mode", "method", "formula", "rank"),
    "joint": ("joint", "joint_units"),
    "branches": ("branches", "mode"),
    "events": ("events", "per", "b_c_d"),
    "cases": ("cases", "per"),
    "projects": ("projects", "per"),
    "step": ("step", "CV-5"),
    "holistic": ("holistic", "mode"),
    "both_roles": ("both_roles", "same_unit"),
    "no_students": ("no_students", "without_students"),
    "method": ("method", "mode", "scoring", "cap"),
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
    "LYG-K8-V": ("LYG-K8.4b",), "LYG-K1.4": ("LYG-03",), "LYG-K-J": ("LYG-03",), "JZU-C13a": ("JZU-C13b",), "JZU-R2.4d": ("JZU-R2.5",), "JZU-G2": ("JZU-G1", "JZU-G3", "JZU-G7"), "JZU-G1": ("JZU-G3", "JZU-G7"), "JZU-G5": ("JZU-G7", "JZU-G1"),
    "JZU-G7": ("JZU-G1", "JZU-G3"), "JZU-G3": ("JZU-G1", "JZU-G7"), "JZU-T1": ("JZU-F1",), "JZU-T2": ("JZU-F2",), "JZU-X3": ("JZU-F2",),
    "JZU-SPILL": ("JZU-F4", "JZU-T3"), "JZU-B2": ("JZU-F4",), "JZU-R2.7": ("JZU-R2.7a",), "JZU-D2": ("JZU-C03",),
    "LYG-K5.3": ("LYG-K5.3d",), "LYG-G3": ("LYG-G1", "LYG-G4"), "JZU-C14": ("JZU-X4", "JZU-B2"), "LYG-07": ("LYG-K1.1a",),
    "LYG-K6a": ("LYG-K1.1a", "LYG-06", "LYG-07"), "LYG-K1.1a": ("LYG-06", "LYG-07"), "JZU-R6a": ("JZU-R6b",),
}  # fmt: skip

_CONSTANTS = ("ref", "reference", "constant", "ref_constant", "ref_value", "figure")
_TYPED = frozenset({"constant", "typed", "typed_in", "typed_constant", "figure", "issued"})
AGGREGATES: Mapping[str, Any] = {
    "mean": "mean",
    "trimmed": {"trim_high": 1, "trim_low": 1, "from": 3},
    "median": "median",
}
"""How the marks of several assessors are put together, as the templates write it."""


@dataclass(slots=True)
class Choice:
    """选定的理解: readings of the template, figures of the college, a typed benchmark, weights of voters, what is typed
    into one node (several assessors, points by rank, missing facts as zero), and what no rule knows."""

    readings: dict[str, Any] = field(default_factory=dict)
    college: dict[str, Any] = field(default_factory=dict)
    reference: Any = None
    voters: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
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
    if name.startswith("fail_below") or (name.startswith("threshold") and is_number(value)):
        target = name.lower().endswith(("_t", "target"))
        choice.readings.setdefault("LYG-G4.fail", "threshold_target" if target else "threshold_total")
        choice.college["fail_below"] = value
        return
    if name in _CONSTANTS and (is_number(value) or _plain(value) in _TYPED or isinstance(value, Mapping)):
        typed = next(iter(value.values()), None) if isinstance(value, Mapping) else value
        choice.typed["reference"] = True
        choice.reference = typed if is_number(typed) else choice.reference
        return
    if name == "voters" and isinstance(value, Mapping):
        _voters(choice, value)
        return
    if any((owner, name) in _WITHOUT_EFFECT or (owner, _plain(value)) in _WITHOUT_EFFECT for owner in owners):
        return
    code, option = _found(known, owners, name, value)
    if code is not None:
        choice.readings[code] = option
    elif not _typed(choice, name, value):
        choice.extra[name] = value


def _typed(choice: Choice, name: str, value: Any) -> bool:
    """Readings that every college has, no template lists: they are typed into the node of the case."""
    word = _plain(value)
    if name in ("missing", "CV-10") and word in ("zero", "0", "count_as_zero", "as_zero"):
        choice.typed["missing"] = "zero"
    elif name in ("missing", "CV-10") and word.startswith("block"):
        choice.typed["missing"] = "block"
    elif name in ("aggregate", "assessors") and word.partition("_")[0] in AGGREGATES:
        choice.typed["aggregate"] = AGGREGATES[word.partition("_")[0]]
    elif name in ("amount", "per_case") and is_number(value):
        choice.typed["amount"] = str(value)
    elif name in ("step", "assessor_step") and is_number(value):
        choice.typed["step"] = str(value)
    elif name in ("table", "rank_points", "rank_table", "mode", "method", "formula", "rank") and (
        word == "table" or isinstance(value, Mapping | list)
    ):
        choice.typed["table"] = value if isinstance(value, Mapping | list) else choice.typed.get("table")
    else:
        return False
    return True


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
    for owner in (owner for owner in owners if owner not in _SHARED):
        fits = [
            (code, option_of(item, value)) for code, item in known.items() if code.rpartition(".")[0] == owner
        ]
        fits = [(code, option) for code, option in fits if option is not None]
        if len(fits) == 1:
            return fits[0]
    return None, None


def option_of(reading: Document, value: Any) -> Any:
    """The option of a reading that a value means, None if none does.

    Exact wording goes before meaning, the whole wording before its first words ("native 20/10")."""
    words = re.findall(r"[^_ ,;:()（）]+", _plain(value))
    starts = ["_".join(words[:length]) for length in range(len(words), 0, -1)]
    return next(
        (option for word in (_plain(value), *starts) if (option := _named(reading, word)) is not None), None
    )


def _named(reading: Document, word: str) -> Any:
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
