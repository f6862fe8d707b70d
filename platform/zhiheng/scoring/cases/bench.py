"""Templates loaded once per choice of readings, and sheets run through the engine."""

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from zhiheng.scoring.cases.model import BLOCKED, NOT_APPLICABLE, CaseError, Document, Found, Sheet
from zhiheng.scoring.cases.readings import Choice, choose
from zhiheng.scoring.engine.context import Given
from zhiheng.scoring.engine.decisions import Decisions
from zhiheng.scoring.engine.run import Run, evaluate
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.exact import State
from zhiheng.scoring.facts import FactTable
from zhiheng.scoring.scheme.documents import canonical, read_document
from zhiheng.scoring.scheme.load import load_scheme
from zhiheng.scoring.scheme.model import Node, Scheme

FILES: Mapping[str, str] = {
    "LYG": "lianyungang-2018.yaml",
    "JZU": "jiaozuo-2020.yaml",
    "PEO": "quality-office.yaml",
}


@dataclass
class Bench:
    """试算台: the templates of a folder, and their schemes by chosen readings."""

    folder: Path
    _documents: dict[str, Document] = field(default_factory=dict)
    _schemes: dict[str, Scheme] = field(default_factory=dict)

    def template(self, college: str) -> Document:
        """Document of a college's template. Raises CaseError when there is none."""
        if college not in FILES:
            raise CaseError(f"没有学校“{college}”的模板")
        if college not in self._documents:
            self._documents[college] = read_document(
                (self.folder / FILES[college]).read_text(encoding="utf-8")
            )
        return self._documents[college]

    def scheme(
        self, college: str, readings: Mapping[str, Any], edits: Mapping[str, Mapping[str, Any]] | None = None
    ) -> Scheme:
        """Scheme with readings chosen; `edits` replaces settings of single nodes, by node code."""
        key = f"{college} {canonical(dict(readings))} {canonical(dict(edits or {}))}"
        if key not in self._schemes:
            document = self.template(college)
            if edits:
                document = copy.deepcopy(document)
                for code, settings in edits.items():
                    _change(_settings(document, code), settings)
            try:
                self._schemes[key] = load_scheme(document, readings=readings)
            except ScoringErrors as error:
                raise CaseError(str(error)) from error
        return self._schemes[key]


def run(scheme: Scheme, sheet: Sheet, only: Collection[str] | None) -> Run:
    """The sheet through the engine; a fact of the wrong type is an error of the case."""
    facts = FactTable.of(
        {
            "units": {
                code: {"type": kind, "facts": sheet.facts.get(code, {})} for code, kind in sheet.units.items()
            },
            "college": sheet.college,
        }
    )
    decisions = Decisions(vetoes=sheet.vetoes, grades=sheet.grades, history=sheet.history)
    given = Given(
        points=sheet.given, applicable=sheet.applicable, statistics=sheet.statistics,
        ranks=sheet.ranks, peers=sheet.peers, ranking=sheet.ranking, sizes=sheet.sizes,
    )  # fmt: skip
    try:
        result = evaluate(scheme, facts, given=given, only=only, decisions=decisions, missing="pending")
    except (ScoringError, ScoringErrors) as error:
        raise CaseError(str(error)) from error
    wrong = [problem for problem in result.problems if problem.code == "facts.type"]
    if wrong:
        raise CaseError("；".join(map(str, wrong)))
    return result


def points_found(result: Run, node: str, unit: str) -> Found:
    """Points of a node as a case expects them: a number, blocked, or a missing item."""
    points = result.points(node, unit)
    if isinstance(points, Fraction):
        return Found(points)
    return Found(None, NOT_APPLICABLE if points in (State.NOT_APPLICABLE, State.EXCUSED) else BLOCKED)


def types_of(scheme: Scheme, code: str) -> list[str]:
    """Unit types that have a node, those named by the innermost node first."""
    node: Node | None = scheme.nodes().get(code)
    if node is None:
        raise CaseError(f"模板中没有指标“{code}”")
    parents = scheme.parents()
    kept = list(node.points)
    above = parents.get(code)
    while above is not None:
        kept = [kind for kind in kept if kind in scheme.nodes()[above].points]
        above = parents.get(above)
    return kept


def node_of(document: Document, code: str) -> Document:
    """A node of a template by code, its choices of readings still open. Raises CaseError when there is none."""
    for node in _walk(document["tree"]):
        if node["code"] == code:
            return node
    raise CaseError(f"模板中没有指标“{code}”")


def _change(held: Document, settings: Mapping[str, Any]) -> None:
    """New settings over the old ones; None takes a setting away."""
    held.update(settings)
    for name in [name for name, value in settings.items() if value is None]:
        del held[name]


def _settings(document: Document, code: str) -> Document:
    """A node, a measure, or the parameters of an outcome, by code."""
    for node in _walk(document["tree"]):
        if node["code"] == code:
            return node
    for measure in document["measures"]:
        if measure["code"] == code:
            found: Document = measure
            return found
    for part in document.get("outcomes", {}).values():
        for entry in part if isinstance(part, list) else [part]:
            if entry["code"] == code:
                params: Document = entry["params"]
                return params
    raise CaseError(f"模板中没有“{code}”")


def _walk(node: Document) -> Iterator[Document]:
    if "code" in node:
        yield node
    for child in node.get("children", ()):
        for item in (
            [child]
            if "code" in child
            else [entry for case in child.get("cases", {}).values() for entry in case or ()]
        ):
            yield from _walk(item)


@dataclass(frozen=True)
class Case:
    """算例: one rule, one reading, one set of inputs, on a bench."""

    bench: Bench
    rule: str
    inputs: Mapping[str, Any]
    reading: Any = "default"

    @property
    def college(self) -> str:
        """Whose template: the prefix of the rule."""
        return self.rule.partition("-")[0]

    def choice(self, leaf: str = "") -> Choice:
        """The reading in terms of the template. Raises CaseError for what the rule does not know."""
        choice = choose(self.bench.template(self.college), self.rule, self.reading, leaf)
        if choice.extra:
            raise CaseError(f"规则 {self.rule} 没有理解“{'、'.join(choice.extra)}”")
        return choice

    def scheme(self, edits: Mapping[str, Mapping[str, Any]] | None = None) -> Scheme:
        """The template's scheme with the case's reading."""
        return self.bench.scheme(self.college, self.choice().readings, edits)

    def run(
        self, sheet: Sheet, wanted: Collection[str], edits: Mapping[str, Mapping[str, Any]] | None = None
    ) -> Run:
        """The sheet through the engine, with the figures of the college that the reading brings."""
        sheet.college.update(self.choice().college)
        return run(self.scheme(edits), sheet, ["total", *wanted])
