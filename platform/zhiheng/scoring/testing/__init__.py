"""Test kit for kinds (计分方式测试): worked cases in YAML and the contract every kind must keep; third parties use it too.

from zhiheng.scoring.testing import contract_problems, load_cases, run_case

@pytest.mark.parametrize("case", load_cases(Path("cases/my_kind.yaml")), ids=str)
def test_case(case): assert not run_case(case)

def test_contract(): assert not contract_problems("my_kind.1", load_cases(Path("cases/my_kind.yaml")))
"""

from zhiheng.scoring.testing.cases import Case, load_cases, run_case
from zhiheng.scoring.testing.contract import contract_problems

__all__ = ["Case", "contract_problems", "load_cases", "run_case"]
