"""Which measures a scheme asks of which unit types (所需数据): read off the formulas of leaves, policies and outcomes."""

from collections.abc import Iterable, Iterator

from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.scheme.model import Node, Scheme
from zhiheng.scoring.scheme.names import Names, parsed


def measures_by_type(scheme: Scheme) -> dict[str, frozenset[str]]:
    """For every measure the unit types whose scores or outcomes use it; measures nobody uses are not listed."""
    names = Names(scheme)
    found: dict[str, set[str]] = {}
    for node in scheme.tree.walk():
        for code in _codes(scheme, names, _node_texts(node)):
            found.setdefault(code, set()).update(node.types)
    for outcome in scheme.outcomes:
        texts = [use.text for use in kind_of(outcome.kind).inputs(outcome.params)]
        registers = [str(outcome.params["register"])] if "register" in outcome.params else []
        for code in [*_codes(scheme, names, texts), *registers]:
            found.setdefault(code, set()).update(scheme.unit_types)
    return {code: frozenset(types) & _declared(scheme, code) for code, types in found.items()}


def _declared(scheme: Scheme, code: str) -> frozenset[str]:
    measure = scheme.measures.get(code)
    return frozenset(measure.applies if measure and measure.applies else scheme.unit_types)


def _node_texts(node: Node) -> list[str]:
    texts = [use.text for use in kind_of(node.kind).inputs(node.params)] if node.is_leaf else []
    for policy in node.policies:
        texts += [use.text for use in kind_of(policy.kind).inputs(policy.params)]
    return [*texts, node.applies_when] if node.applies_when else texts


def _codes(scheme: Scheme, names: Names, texts: Iterable[str]) -> set[str]:
    return {
        code for text in texts for name in parsed(text).names() for code in _measures(scheme, names, name)
    }


def _measures(scheme: Scheme, names: Names, name: str) -> Iterator[str]:
    code = names.code(name).removesuffix(".分子").removesuffix(".分母")
    if code in scheme.formulas:
        formula = scheme.formulas[code]
        if formula.register:
            yield formula.register
        else:
            yield from _codes(scheme, names, [formula.formula])
    elif code in scheme.measures:
        yield code
