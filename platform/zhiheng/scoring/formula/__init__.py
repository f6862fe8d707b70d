"""Formula language 公式: safe, typed, close to a spreadsheet's, evaluated exactly for all units at once."""

from zhiheng.scoring.formula.checker import check
from zhiheng.scoring.formula.evaluator import evaluate
from zhiheng.scoring.formula.formula import Formula, parse
from zhiheng.scoring.formula.library import REGISTRY
from zhiheng.scoring.formula.ordering import evaluation_order
from zhiheng.scoring.formula.rendering import explain, number_text, render
from zhiheng.scoring.formula.types import (
    BOOLEAN,
    DATE,
    NUMBER,
    TEXT,
    Base,
    Columns,
    Environment,
    Rows,
    Type,
    Value,
    list_of,
)

__all__ = [
    "BOOLEAN",
    "DATE",
    "NUMBER",
    "REGISTRY",
    "TEXT",
    "Base",
    "Columns",
    "Environment",
    "Formula",
    "Rows",
    "Type",
    "Value",
    "check",
    "evaluate",
    "evaluation_order",
    "explain",
    "list_of",
    "number_text",
    "parse",
    "render",
]
