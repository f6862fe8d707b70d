"""Reads of schemes: list, one version, findings of its check."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from assessment.models import Scheme, SchemeVersion, VersionState
from zhiheng.kernel.errors import Code, Problem
from zhiheng.scoring.lint import lint
from zhiheng.scoring.scheme import load_scheme


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
