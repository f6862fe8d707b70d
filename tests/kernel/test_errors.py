"""Every code renders, is Chinese, and has a status that fits."""

import re

import pytest

from zhiheng.kernel.errors import Code, Problem


@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.name)
def test_every_code_renders_without_data(code: Code) -> None:
    text = str(Problem(code))
    assert re.search(r"[\u4e00-\u9fff]", text)
    assert "{" not in text
    assert 400 <= Problem(code).status <= 503


def test_data_fills_the_places() -> None:
    problem = Problem(Code.STATE, what="2025年度考核", state="公示", action="改数据", advice="请先撤回公示。")
    assert str(problem) == "2025年度考核现在是“公示”，不能改数据。请先撤回公示。"
    assert problem.status == 409
