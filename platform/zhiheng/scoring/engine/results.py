"""Results of nodes: what the tree computes and the explanation reads."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.contract import Gate, Transfer
from zhiheng.scoring.engine.bench import View
from zhiheng.scoring.exact import Vec
from zhiheng.scoring.scheme.model import Node, Policy

Bools = npt.NDArray[np.bool_]


@dataclass(slots=True)
class PolicyResult:
    """处理结果: a policy that acted on a node, with what it noted."""

    policy: Policy
    notes: dict[str, Any]
    view: View
    gate: Gate | None = None
    transfer: Transfer | None = None


@dataclass(slots=True)
class NodeResult:
    """指标得分: exact points of every unit with states, and everything the explanation needs.

    `main` are points under the caps, `exempt` those no cap cuts; `points` is their sum. `raw` is what stood there
    before bounds, transfers and gates; `applicable` the points attainable (0 for a missing item).
    """

    code: str
    node: Node
    points: Vec
    main: Vec
    exempt: Vec | None
    applicable: Vec
    full: Vec
    raw: Vec
    applies: Bools
    excess: Vec | None = None
    given: bool = False
    notes: dict[str, Any] = field(default_factory=dict)
    policies: list[PolicyResult] = field(default_factory=list)
    carried: list[tuple[str, Vec]] = field(default_factory=list)
    rejected: Bools | None = None
    before_gates: Vec | None = None
    view: View | None = None
