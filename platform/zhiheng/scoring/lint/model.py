"""What a check sees and says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from zhiheng.scoring.contract import Use
from zhiheng.scoring.facts import Unit
from zhiheng.scoring.formula import Formula
from zhiheng.scoring.scheme.model import Node, Scheme
from zhiheng.scoring.scheme.names import DENOMINATOR, NUMERATOR, Names, names_of, parsed
from zhiheng.scoring.scheme.references import uses_of

if TYPE_CHECKING:
    from zhiheng.scoring.contract import Kind

LEVELS = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """检查意见: one remark: code, place in the document, what was found, what to do; error, warning or info."""

    code: str
    place: str
    text: str
    proposal: str
    level: str = "warning"


@dataclass(frozen=True)
class Subject:
    """检查对象: a scheme, the units to be assessed if known, and what the checks share."""

    scheme: Scheme
    units: Sequence[Unit] = field(default_factory=tuple)

    @cached_property
    def names(self) -> Names:
        """Meaning of written names."""
        return names_of(self.scheme)

    @cached_property
    def uses(self) -> "list[tuple[str, str, Kind, Use]]":
        """Every formula of every kind with its place."""
        return uses_of(self.scheme)

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Nodes by code."""
        return self.scheme.nodes()

    def formulas(self) -> Iterable[tuple[str, str, Formula]]:
        """Every formula text anywhere: place, code of the owner, parsed formula."""
        for place, code, _, use in self.uses:
            yield f"{place}.params.{use.place}", code, parsed(use.text)
        for node in self.scheme.tree.walk():
            if node.applies_when:
                yield f"{node.place}.applies_when", node.code, parsed(node.applies_when)
        for formula in self.scheme.formulas.values():
            for part in (formula.formula, formula.where, formula.amount):
                if part:
                    yield f"formulas.{formula.code}", formula.code, parsed(part)

    def codes_in(self, formula: Formula) -> set[str]:
        """Codes of the measures and formulas a formula names."""
        found = set()
        for name in formula.names():
            code = self.names.code(name)
            for part in (NUMERATOR, DENOMINATOR):
                code = code.removesuffix(part)
            found.add(
                code
                if code in self.scheme.measures or code in self.scheme.formulas
                else code.rpartition(".")[0]
            )
        return found - {""}

    def measures_behind(self, codes: Iterable[str]) -> set[str]:
        """Measures named directly or through derived quantities."""
        found: set[str] = set()
        queue = list(codes)
        seen: set[str] = set()
        while queue:
            code = queue.pop()
            if code in seen:
                continue
            seen.add(code)
            if code in self.scheme.measures:
                found.add(code)
            elif code in self.scheme.formulas:
                formula = self.scheme.formulas[code]
                queue += (
                    [formula.register] if formula.register else list(self.codes_in(parsed(formula.formula)))
                )
        return found

    @cached_property
    def leaf_measures(self) -> Mapping[str, set[str]]:
        """Measures behind the formulas of each leaf."""
        found: dict[str, set[str]] = {leaf.code: set() for leaf in self.scheme.leaves()}
        for _, code, _, use in self.uses:
            if code in found:
                found[code] |= self.codes_in(parsed(use.text))
        return {code: self.measures_behind(codes) for code, codes in found.items()}


@dataclass(frozen=True, slots=True)
class Check:
    """检查项: a code (or family of codes), what it looks for, and the function that looks."""

    code: str
    title: str
    run: Callable[[Subject], Iterable[Finding]]
