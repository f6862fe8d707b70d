"""A small scheme and facts for tests: two groups, four kinds of leaves, one reading, gates, grades, an award."""

import copy
from collections.abc import Callable
from typing import Any

from zhiheng.scoring.facts import FactTable
from zhiheng.scoring.scheme.documents import read_document

TEXT = """
format: zhiheng-scheme/1
code: small
title: 小方案
period: {from: 2024-01-01, to: 2024-12-31}
source: {title: 考核办法}
unit_types: {T: 教学, F: 职能}
groups:
  - {code: t, title: 教学组, types: [T], size: 9}
  - {code: f, title: 职能组, types: [F], size: 6}
readings:
  - {code: avg, title: 平均的算法, options: {pooled: 合并计算, mean: 各单位平均}, default: pooled, clause: 第五条}
measures:
  - {code: late, title: 迟报次数, type: integer, supplier: 质量办}
  - {code: jobs, title: 就业率, type: ratio, numerator: 就业人数, denominator: 毕业人数, supplier: 招就处, applies: [T]}
  - {code: rate, title: 完成率, type: ratio, supplier: 质量办}
formulas:
  - {code: both, title: 综合率, formula: "([完成率]+1)/2"}
tree:
  code: total
  title: 总分
  points: 100
  children:
    - code: A
      title: 管理
      clause: 第三条
      points: {T: 40, F: 100}
      assessor: 质量办
      children:
        - code: A1
          title: 按时报送
          clause: 第四条
          points: {T: 10, F: 40}
          kind: event_tally.1
          params: {start: "[分值]", entries: [{title: 迟报, count: "[迟报次数]", points: -2}]}
        - code: A2
          title: 完成
          points: {T: 30, F: 60}
          kind: proportional.1
          params: {value: "[综合率]"}
    - code: B
      title: 就业
      points: {T: 60}
      assessor: 招就处
      kind: proportional.1
      params:
        value: "[就业率]"
        benchmark:
          $choose: avg
          cases:
            pooled: {statistic: pooled, numerator: "[就业率.分子]", denominator: "[就业率.分母]"}
            mean: {statistic: mean}
outcomes:
  gates: [{code: V, title: 否决, kind: knockout_gate.1, params: {decision: true, facts: [重大事故], effects: {grade_cap: 合格, bar_awards: all}}}]
  ranking: {code: R, title: 名次, kind: peer_ranking.1}
  grades:
    code: G
    title: 等次
    kind: grade_assignment.1
    params: {grades: [{code: 优秀}, {code: 合格}], tests: [{grade: 优秀, when: "[总分]>=80"}], default: 合格}
  awards: [{code: W, title: 先进, kind: award_selection.1, params: {eligible: '[等次]="优秀"'}}]
"""

FACTS = """
units:
  甲: {type: T, title: 机电学院, facts: {late: 1, rate: 0.9, jobs: {numerator: 90, denominator: 100, source: 就业系统, evidence: [附件3], by: 王某, at: 2024-12-25}}}
  乙: {type: T, facts: {late: 6, rate: 0.5, jobs: {numerator: 240, denominator: 300}}}
  丙: {type: F, facts: {late: 0, rate: 1/3}}
"""


def document(change: Callable[[dict[str, Any]], object] | None = None) -> dict[str, Any]:
    """The scheme document, changed by `change`."""
    found = copy.deepcopy(read_document(TEXT))
    if change is not None:
        change(found)
    return found


def facts(change: Callable[[dict[str, Any]], object] | None = None) -> FactTable:
    """The facts, changed by `change` before they are read."""
    found = read_document(FACTS)
    if change is not None:
        change(found)
    return FactTable.of(found)


def node(found: dict[str, Any], *path: int) -> dict[str, Any]:
    """A node of the tree by the places of children."""
    here: dict[str, Any] = found["tree"]
    for place in path:
        here = here["children"][place]
    return here
