"""The scoring library in one place: read a scheme, evaluate it, explain and check it."""

from zhiheng.scoring.engine.context import Flag, Given
from zhiheng.scoring.engine.decisions import Decisions
from zhiheng.scoring.engine.run import Run, evaluate, fingerprint
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.exact import State
from zhiheng.scoring.explanation.explain import explain
from zhiheng.scoring.explanation.model import Explanation
from zhiheng.scoring.explanation.outcomes import explain_outcomes
from zhiheng.scoring.facts import Fact, FactTable, Unit
from zhiheng.scoring.lint import Finding, lint
from zhiheng.scoring.scheme.documents import canonical, read_document
from zhiheng.scoring.scheme.load import load_scheme
from zhiheng.scoring.scheme.model import Scheme

__all__ = [
    "Decisions",
    "Explanation",
    "Fact",
    "FactTable",
    "Finding",
    "Flag",
    "Given",
    "Run",
    "Scheme",
    "ScoringError",
    "ScoringErrors",
    "State",
    "Unit",
    "canonical",
    "evaluate",
    "explain",
    "explain_outcomes",
    "fingerprint",
    "lint",
    "load_scheme",
    "read_document",
]
