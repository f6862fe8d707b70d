"""Reads of schemes: list, one version, its checked model, findings of its check."""

from functools import lru_cache
from typing import Any

from django.db.models import Prefetch, QuerySet

from assessment.models import Scheme, SchemeVersion, VersionState
from zhiheng.kernel.errors import Code, Problem
from zhiheng.scoring.public import Scheme as Model
from zhiheng.scoring.public import ScoringErrors, lint, load_scheme
from zhiheng.scoring.scheme.needs import measures_by_type


def schemes() -> QuerySet[Scheme]:
    """All schemes with their versions, newest first."""
    return Scheme.objects.prefetch_related(Prefetch("versions", SchemeVersion.objects.defer("document")))


def scheme_for(*, code: str) -> Scheme:
    """The scheme of this code, or NOT_FOUND."""
    found = schemes().filter(code=code).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def version_for(*, scheme_code: str, number: int) -> SchemeVersion:
    """One version, or NOT_FOUND."""
    found = (
        SchemeVersion.objects.select_related("scheme").filter(scheme__code=scheme_code, number=number).first()
    )
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def published_version(scheme: Scheme) -> SchemeVersion | None:
    """The version in force, if any."""
    return scheme.versions.filter(state=VersionState.PUBLISHED).first()


def model_of(version: SchemeVersion) -> Model:
    """The checked model of a version; the same content is read once per process.  Raises SCHEME_INVALID."""
    return _model(version.fingerprint, _Document(version.document))


def measure_types(version: SchemeVersion) -> dict[str, frozenset[str]]:
    """For every measure the unit types that it is asked of; empty for a draft that cannot be read."""
    try:
        return _types(version.fingerprint, _Document(version.document))
    except Problem:
        return {}


def scheme_findings(document: dict[str, Any]) -> list[dict[str, str]]:
    """What the check of a document finds: errors that forbid publishing, and hints."""
    try:
        load_scheme(document)
    except ScoringErrors as errors:
        return [error_finding(error) for error in errors.items]
    return []


def lint_findings(version: SchemeVersion) -> list[dict[str, str]]:
    """Everything a careful reader would ask about: errors that forbid publishing, then warnings, then hints."""
    errors = scheme_findings(version.document)
    return errors or list(_lint(version.fingerprint, _Document(version.document)))


class _Document:
    """A document that takes no part in the identity of a cached call: the fingerprint does."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Document)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _model(fingerprint: str, document: _Document) -> Model:
    del fingerprint
    try:
        return load_scheme(document.content)
    except ScoringErrors as errors:
        findings = [error_finding(error) for error in errors.items]
        raise Problem(Code.SCHEME_INVALID, count=len(findings), action="使用", findings=findings) from errors


@lru_cache(maxsize=32)
def _lint(fingerprint: str, document: _Document) -> tuple[dict[str, str], ...]:
    return tuple(
        {"level": one.level, "code": one.code, "place": one.place, "text": one.text, "proposal": one.proposal}
        for one in lint(_model(fingerprint, document))
    )


@lru_cache(maxsize=32)
def _types(fingerprint: str, document: _Document) -> dict[str, frozenset[str]]:
    return measures_by_type(_model(fingerprint, document))


def error_finding(error: Any) -> dict[str, str]:
    """A scoring error in the form of a finding: level, code, place, text, proposal."""
    return {
        "level": "error",
        "code": error.code,
        "place": error.place,
        "text": error.reason,
        "proposal": error.advice,
    }
