"""The manual of schemes is complete and its examples run."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from zhiheng.scoring.engine.run import evaluate
from zhiheng.scoring.fact_files import read_facts
from zhiheng.scoring.lint import CHECKS
from zhiheng.scoring.registry import installed, kind
from zhiheng.scoring.scheme.documents import read_document
from zhiheng.scoring.scheme.load import load_scheme
from zhiheng.scoring.testing import load_cases

DOCS = Path(__file__).parents[3] / "docs/rules"
CASES = Path(__file__).parents[1] / "kinds/cases"
KINDS = sorted(name for name, point in installed().items() if point.value.startswith("zhiheng."))
README = (DOCS / "README.md").read_text(encoding="utf-8")


def blocks(text: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def test_the_example_of_the_manual_runs_on_its_facts() -> None:
    scheme = load_scheme(
        read_document(next(block for block in blocks(README) if block.startswith("format:")))
    )
    facts = read_facts(
        next(block for block in blocks(README) if block.startswith("units:")).encode(), "a.yaml", scheme
    )
    run = evaluate(scheme, facts.facts, decisions=facts.decisions)
    assert str(run.totals["信息"]) == "173/2"
    assert run.ranks() == {"机电": 1, "信息": 2, "教务": 1}


def test_the_example_case_of_the_manual_is_right() -> None:
    text = next(block for block in blocks(README) if block.startswith("format:"))
    example = next(block for block in blocks(README) if block.startswith("examples:"))
    from zhiheng.scoring.examples import run_examples

    results = run_examples(load_scheme(read_document(text + example)))
    assert [item.agrees for item in results] == [True]


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_has_a_page_with_formula_parameters_and_case(name: str) -> None:
    page = (DOCS / f"{name.rpartition('.')[0]}.md").read_text(encoding="utf-8")
    for heading in ("## 公式 · Formula", "## 参数 · Parameters", "## 算例 · Worked case"):
        assert heading in page
    assert f"`{name}`" in page
    missing = [path for path in parameters(kind(name).schema) if f"`{path}`" not in page]
    assert missing == []


def parameters(schema: Any) -> list[str]:
    return list(schema["properties"])


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.stem)
def test_every_yaml_block_can_be_read(path: Path) -> None:
    for block in blocks(path.read_text(encoding="utf-8")):
        if block.count("\nbenchmark:"):
            continue
        assert yaml.safe_load(block) is not None


def test_every_ability_has_a_case() -> None:
    rows = re.findall(r"^\|[^|]+\|[^|]+\| ([a-z_]+)：([^|]+?) \|$", README, re.MULTILINE)
    assert len(rows) >= 25
    for stem, title in rows:
        titles = [case.title for case in load_cases(CASES / f"{stem}.yaml")]
        assert any(title in item for item in titles), (stem, title)


def test_every_link_leads_somewhere() -> None:
    for path in DOCS.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), (path.name, target)


def test_every_check_is_listed() -> None:
    page = (DOCS / "lint.md").read_text(encoding="utf-8")
    assert [check.code for check in CHECKS if f"`{check.code}`" not in page] == []
