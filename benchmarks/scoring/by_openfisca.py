"""OpenFisca-Core: the same rules as variables of units and colleges. Optional; `uv pip install openfisca-core`."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.scoring.cells import DIGITS, POINTS, RULES, Cells, Ints

PERIOD = "2020"


def available() -> bool:
    """Whether OpenFisca-Core is installed."""
    return find_spec("openfisca_core") is not None


def prepare(cells: Cells) -> Callable[[], list[Ints]]:
    """A system and its inputs; the function returned computes all leaves afresh."""
    from openfisca_core.simulation_builder import SimulationBuilder

    system = _system(cells)

    def run() -> list[Ints]:
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("unit", np.arange(cells.units))
        colleges = builder.declare_entity("college", np.arange(cells.colleges))
        builder.join_with_persons(colleges, cells.groups, np.full(cells.units, "member"))
        simulation = builder.build(system)
        for place, leaf in enumerate(cells.leaves):
            for name in ("first", "second", "third"):
                simulation.set_input(f"{name}_{place}", PERIOD, getattr(leaf, name))
        found = [simulation.calculate(f"points_{place}", PERIOD) for place in range(len(cells.leaves))]
        return [np.floor(points * 10**DIGITS + 0.5).astype(np.int64) for points in found]

    return run


def _system(cells: Cells) -> Any:
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    unit = build_entity("unit", "units", "unit", is_person=True)
    roles = [{"key": "member", "plural": "members", "label": "member"}]
    college = build_entity("college", "colleges", "college", roles=roles)
    system = TaxBenefitSystem([college, unit])

    def declare(name: str, kind: type, formula: Callable[..., Any] | None) -> None:
        body: dict[str, Any] = {
            "value_type": kind,
            "entity": unit,
            "definition_period": DateUnit.YEAR,
            "label": name,
        }
        system.add_variable(type(name, (Variable,), body | ({"formula": formula} if formula else {})))

    for place, leaf in enumerate(cells.leaves):
        for name in ("first", "second", "third"):
            declare(f"{name}_{place}", int, None)
        declare(f"points_{place}", float, _formula(leaf.rule, place))
    return system


def _formula(rule: str, place: int) -> Callable[..., Any]:
    compute = _FORMULAS[RULES.index(rule)]

    def formula(unit: Any, period: Any) -> Any:
        first, second, third = (unit(f"{name}_{place}", period) for name in ("first", "second", "third"))
        return compute(unit, first, second, third)

    return formula


def _proportional(_: Any, first: Any, second: Any, _third: Any) -> Any:
    return np.minimum(first / 100 * POINTS / (second / 100), POINTS)


def _band_table(unit: Any, first: Any, second: Any, _: Any) -> Any:
    pooled = unit.college.sum(first) / unit.college.sum(second)
    share = first / second / pooled
    return np.where(share >= 1, 5.0, np.where(share >= 0.9, 4.0, np.where(share >= 0.7, 2.5, 0.0)))


def _event_tally(_: Any, first: Any, second: Any, _third: Any) -> Any:
    return np.clip(3 + first * 0.5 - np.floor(second / 100 / 3) * 0.2, 0, POINTS)


def _ratio_to_best(unit: Any, first: Any, _second: Any, _third: Any) -> Any:
    return first * POINTS / unit.college.max(first)


def _panel_rating(_: Any, first: Any, second: Any, third: Any) -> Any:
    return (first * 0.9 + second * 0.7 + third * 0.5) * POINTS / (first + second + third)


_FORMULAS = (_proportional, _band_table, _event_tally, _ratio_to_best, _panel_rating)
