"""Schemes: adopt a template, edit a draft, check, publish.  A published version never changes."""

import hashlib
import json
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessment.models import Scheme, SchemeVersion, VersionState
from assessment.selectors.schemes import scheme_findings
from zhiheng.kernel import audit
from zhiheng.kernel.errors import Code, Problem
from zhiheng.library.models import TemplateVersion


def document_fingerprint(document: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a scheme document."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def scheme_adopt(
    *,
    template: TemplateVersion,
    code: str,
    title: str,
    acting_user: Any,
    overrides: dict[str, Any] | None = None,
) -> SchemeVersion:
    """Take a template of the library as a new draft of the college; ``overrides`` replaces top-level parts."""
    document = {**template.document, **(overrides or {}), "code": code, "title": title}
    scheme, _ = Scheme.objects.get_or_create(
        code=code,
        defaults={
            "title": title,
            "year_kind": document.get("year_kind", "calendar"),
            "template_code": template.template.code,
        },
    )
    return version_create(
        scheme=scheme, document=document, template_version=template.version, acting_user=acting_user
    )


@transaction.atomic
def version_create(
    *, scheme: Scheme, document: dict[str, Any], acting_user: Any, template_version: str = ""
) -> SchemeVersion:
    """Add a draft version.  The document may still have findings; publishing asks for none."""
    last = SchemeVersion.objects.select_for_update().filter(scheme=scheme).order_by("-number").first()
    version = SchemeVersion.objects.create(
        scheme=scheme,
        number=last.number + 1 if last else 1,
        document=document,
        fingerprint=document_fingerprint(document),
        template_version=template_version,
        created_by=acting_user,
    )
    audit.record(acting_user=acting_user, action="scheme.version_create", target=version)
    return version


@transaction.atomic
def version_save(
    *, version: SchemeVersion, document: dict[str, Any], revision: int, acting_user: Any
) -> SchemeVersion:
    """Save a changed draft; ``revision`` is the one that was read.  Raises CONFLICT when somebody saved in between."""
    locked = SchemeVersion.objects.select_for_update().get(pk=version.pk)
    _must_be_draft(locked, "修改")
    if locked.revision != revision:
        raise Problem(Code.CONFLICT, what=str(locked))
    locked.document, locked.fingerprint = document, document_fingerprint(document)
    locked.revision, locked.state = revision + 1, VersionState.DRAFT
    locked.save()
    audit.record(
        acting_user=acting_user,
        action="scheme.version_save",
        target=locked,
        data={"fingerprint": locked.fingerprint},
    )
    return locked


@transaction.atomic
def version_publish(
    *, version: SchemeVersion, approved_by: str, approved_on: date, basis: str, acting_user: Any
) -> SchemeVersion:
    """Publish a draft: it must have no errors, name who approved it, when, and the file it rests on.

    The version published before is superseded.  Raises SCHEME_INVALID with the findings.
    """
    locked = SchemeVersion.objects.select_for_update().get(pk=version.pk)
    _must_be_draft(locked, "发布")
    if not approved_by.strip() or not basis.strip():
        raise Problem(
            Code.INVALID_INPUT,
            place="批准",
            reason="要写明批准机构和依据文件",
            advice="例如“校长办公会”和文件号",
        )
    errors = [f for f in scheme_findings(locked.document) if f["level"] == "error"]
    if errors:
        raise Problem(Code.SCHEME_INVALID, count=len(errors), action="发布", findings=errors)
    SchemeVersion.objects.filter(scheme=locked.scheme, state=VersionState.PUBLISHED).update(
        state=VersionState.SUPERSEDED
    )
    locked.state, locked.approved_by, locked.approved_on = VersionState.PUBLISHED, approved_by, approved_on
    locked.basis, locked.published_at = basis, timezone.now()
    locked.save()
    audit.record(
        acting_user=acting_user,
        action="scheme.publish",
        target=locked,
        data={"approved_by": approved_by, "basis": basis, "fingerprint": locked.fingerprint},
    )
    return locked


def _must_be_draft(version: SchemeVersion, action: str) -> None:
    if version.state not in {VersionState.DRAFT, VersionState.CHECKED}:
        raise Problem(
            Code.STATE,
            what=str(version),
            state=version.get_state_display(),
            action=action,
            advice="请以它为底建立新版本。",
        )
