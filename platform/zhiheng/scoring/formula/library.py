"""All functions of the formula language."""

from zhiheng.scoring.formula import cell_functions, group_functions, list_functions
from zhiheng.scoring.formula.registry import Registry

REGISTRY = Registry(
    (
        *cell_functions.FUNCTIONS,
        *list_functions.FUNCTIONS,
        *group_functions.FUNCTIONS,
        *group_functions.TIME_FUNCTIONS,
    )
)
