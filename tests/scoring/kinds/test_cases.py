"""Worked cases of every built-in kind, and the contract all kinds keep."""

from pathlib import Path

import pytest

from zhiheng.scoring.registry import installed
from zhiheng.scoring.testing import Case, contract_problems, load_cases, run_case

FOLDER = Path(__file__).parent / "cases"
CASES = {path.stem: load_cases(path) for path in sorted(FOLDER.glob("*.yaml"))}
BUILT_IN = sorted(
    name.rpartition(".")[0] for name in installed() if installed()[name].value.startswith("zhiheng.")
)


def test_every_built_in_kind_has_cases() -> None:
    assert sorted(CASES) == BUILT_IN
    assert all(len(cases) >= 2 for cases in CASES.values())


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{stem}: {case}") for stem, cases in CASES.items() for case in cases]
)
def test_case(case: Case) -> None:
    assert run_case(case) == []


@pytest.mark.parametrize("stem", CASES)
def test_contract(stem: str) -> None:
    assert contract_problems(f"{stem}.1", CASES[stem]) == []


def test_a_wrong_expectation_is_found() -> None:
    case = CASES["proportional"][0]
    wrong = Case(case.kind, case.title, {**case.data, "expect": {"甲": "0.4601"}})
    assert run_case(wrong) == ["甲 项：应为 0.4601，算得 0.46"]
