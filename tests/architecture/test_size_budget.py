"""Modules and functions stay small; the limits are those of the better half of comparable projects."""

import ast
import statistics
from pathlib import Path

MODULE_P90, MODULE_LIMIT = 300, 500
FUNCTION_MEDIAN, FUNCTION_P90, FUNCTION_LIMIT = 10, 30, 60
TEST_MODULE_LIMIT = 600


def _p90(values: list[int]) -> float:
    return statistics.quantiles(values, n=10)[-1]


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_modules(modules: dict[Path, ast.Module]) -> None:
    sizes = {path: _lines(path) for path in modules}
    assert {path: size for path, size in sizes.items() if size > MODULE_LIMIT} == {}
    assert _p90(list(sizes.values())) <= MODULE_P90


def test_functions(modules: dict[Path, ast.Module]) -> None:
    sizes = {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: size for name, size in sizes.items() if size > FUNCTION_LIMIT} == {}
    assert statistics.median(sizes.values()) <= FUNCTION_MEDIAN
    assert _p90(list(sizes.values())) <= FUNCTION_P90


def test_test_modules(tracked: list[Path], root: Path) -> None:
    tests = [path for path in tracked if path.suffix == ".py" and path.is_relative_to(root / "tests")]
    assert {path: _lines(path) for path in tests if _lines(path) > TEST_MODULE_LIMIT} == {}
