"""`load_scheme`: a document becomes a checked `Scheme`, or all its errors at once."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.formula import BOOLEAN, NUMBER, TEXT
from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.schema import scheme_schema
from zhiheng.scoring.scheme.build import Builder
from zhiheng.scoring.scheme.defaults import with_defaults
from zhiheng.scoring.scheme.model import Node, Outcome, Policy, Scheme
from zhiheng.scoring.scheme.names import Names
from zhiheng.scoring.scheme.numbers import normalised
from zhiheng.scoring.scheme.readings import Path, reading_errors, readings_of, resolve
from zhiheng.scoring.scheme.references import all_formula_errors, reference_errors
from zhiheng.scoring.scheme.validation import readable, schema_errors

_POLICY_STAGES = ("rollup", "reweight", "carryover", "gate")
_LOCAL = {"number": NUMBER, "boolean": BOOLEAN, "text": TEXT}


def load_scheme(
    document: Mapping[str, Any],
    *,
    readings: Mapping[str, Any] | None = None,
    kinds: Collection[str] | None = None,
) -> Scheme:
    """A scheme document (docs/rules/README.md) as a checked model.

    `readings` overrides the chosen readings; `kinds` names the kinds switched on for the college (default: all).
    Raises ScoringErrors with every problem found, each with place, reason and advice.
    """
    plain = normalised(dict(document))
    chosen = readings_of(plain, readings)
    resolved = resolve({key: item for key, item in plain.items() if key != "readings"}, chosen)
    whole = {**resolved.document, **({"readings": plain["readings"]} if "readings" in plain else {})}
    errors = [*resolved.errors, *_unknown_readings(chosen, readings)]
    errors += _shape_errors(whole)
    if errors:
        raise ScoringErrors(errors)
    errors += reading_errors(chosen)
    builder = Builder(whole, _uses_by_owner(resolved.uses, plain))
    scheme = _scheme(plain, whole, builder, chosen)
    errors += builder.errors
    scheme, kind_errors = _with_kinds(scheme, kinds)
    names = Names(scheme)
    errors += [*kind_errors, *names.errors]
    if not kind_errors:
        errors += all_formula_errors(scheme, names) + reference_errors(scheme)
    if errors:
        raise ScoringErrors(errors)
    return scheme


def _unknown_readings(chosen: Mapping[str, Any], given: Mapping[str, Any] | None) -> list[ScoringError]:
    unknown = [code for code in given or {} if code not in chosen]
    advice = f"已有：{'、'.join(chosen) or '无'}。"
    return [
        ScoringError("reading.unknown", f"readings.{code}", f"没有名为“{code}”的条款理解。", advice)
        for code in unknown
    ]


def _shape_errors(whole: Mapping[str, Any]) -> list[ScoringError]:
    found = schema_errors(whole, scheme_schema(), "", "scheme.shape")
    return [replace_place(error, _readable(error.place, whole)) for error in found]


def replace_place(error: ScoringError, place: str) -> ScoringError:
    """The same error at another place."""
    return ScoringError(error.code, place, error.reason, error.advice)


def _readable(place: str, document: Any) -> str:
    return readable(_path(place), document)


def _path(place: str) -> Path:
    parts: list[str | int] = []
    for part in place.replace("[", ".[").split("."):
        if part.startswith("["):
            parts.append(int(part[1:-1]))
        elif part:
            parts.append(part)
    return tuple(parts)


def _uses_by_owner(uses: list[tuple[Path, str]], document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Readings by the place of the node, outcome, measure or formula in which they are used."""
    found: dict[str, tuple[str, ...]] = {}
    for path, code in uses:
        owner = _owner(path, document)
        found[owner] = tuple(dict.fromkeys((*found.get(owner, ()), code)))
    return found


def _owner(path: Path, document: Any) -> str:
    """Place of the innermost coded thing on the path: tree.K.K1, outcomes.awards.G5, measures.jobs."""
    here, parts = document, []
    for part in path:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            break
        if part in ("params", "policies", "bounds"):
            break
        if isinstance(part, str) and part != "children":
            parts.append(part)
        if isinstance(here, Mapping) and "code" in here:
            parts.append(str(here["code"]))
    if parts and parts[0] not in ("tree", "outcomes"):
        parts = parts[:2]
    return ".".join(parts)


def _scheme(
    plain: Mapping[str, Any], whole: Mapping[str, Any], builder: Builder, chosen: Mapping[str, Any]
) -> Scheme:
    period = whole.get("period")
    return Scheme(
        code=whole["code"], title=whole["title"], version=str(whole.get("version", 1)), document=plain, resolved=whole,
        unit_types=whole["unit_types"], groups=builder.groups, rounding=builder.rounding(), readings=chosen,
        measures=builder.measures(), formulas=builder.formulas(), tree=builder.tree(), outcomes=builder.outcomes(),
        period=(period["from"], period["to"]) if period else None, year_kind=whole.get("year_kind", "calendar"),
        measure_readings={place.split(".", 1)[1]: codes for place, codes in builder.uses.items() if place.startswith(("measures.", "formulas."))},
    )  # fmt: skip


# kinds


class _Kinds:
    """Parameters checked and completed by the schema of each kind."""

    def __init__(self, allowed: Collection[str] | None) -> None:
        self.allowed = allowed
        self.errors: list[ScoringError] = []

    def params(
        self, name: str, given: Mapping[str, Any], place: str, stages: Collection[str]
    ) -> Mapping[str, Any]:
        """The parameters with defaults; what is wrong is noted."""
        try:
            kind = kind_of(name, self.allowed)
        except ScoringError as error:
            self.errors.append(replace_place(error, place))
            return given
        if kind.stage not in stages:
            self.errors.append(
                ScoringError(
                    "kind.stage", place, f"“{kind.title}”不能用在这里。", "请改用适合此处的计分或处理方式。"
                )
            )
            return given
        found = schema_errors(given, kind.schema, f"{place}.params", "kind.params")
        self.errors += found
        completed: Mapping[str, Any] = given if found else with_defaults(given, kind.schema)
        return completed

    def node(self, node: Node) -> Node:
        """The node and all below it with completed parameters."""
        params = self.params(node.kind, node.params, node.place, ("leaf",)) if node.is_leaf else node.params
        policies = tuple(self.policy(policy) for policy in node.policies)
        return replace(
            node,
            params=params,
            policies=policies,
            children=tuple(self.node(child) for child in node.children),
        )

    def policy(self, policy: Policy) -> Policy:
        """The policy with completed parameters."""
        return replace(policy, params=self.params(policy.kind, policy.params, policy.place, _POLICY_STAGES))

    def outcome(self, outcome: Outcome) -> Outcome:
        """The outcome rule with completed parameters; awards learn their own code."""
        params = self.params(outcome.kind, outcome.params, outcome.place, (outcome.role,))
        return replace(
            outcome, params={**params, "code": outcome.code} if outcome.role == "award" else params
        )


def _with_kinds(scheme: Scheme, allowed: Collection[str] | None) -> tuple[Scheme, list[ScoringError]]:
    kinds = _Kinds(allowed)
    tree = kinds.node(scheme.tree)
    outcomes = tuple(kinds.outcome(outcome) for outcome in scheme.outcomes)
    return replace(scheme, tree=tree, outcomes=outcomes), kinds.errors
