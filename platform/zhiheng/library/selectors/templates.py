"""Reads of the template library."""

from zhiheng.kernel.errors import Code, Problem
from zhiheng.library.models import Template, TemplateVersion


def templates(kind: str) -> list[Template]:
    """All templates of a kind with their versions."""
    return list(Template.objects.filter(kind=kind).prefetch_related("versions"))


def latest_version(code: str) -> TemplateVersion:
    """The newest version of the template with this code, or NOT_FOUND."""
    version = TemplateVersion.objects.filter(template__code=code).select_related("template").first()
    if version is None:
        raise Problem(Code.NOT_FOUND)
    return version


def all_templates() -> list[Template]:
    """Every template with its versions, newest version first."""
    return list(Template.objects.prefetch_related("versions"))


def template_for(*, code: str) -> Template:
    """One template with its versions, newest first, or NOT_FOUND."""
    found = Template.objects.prefetch_related("versions").filter(code=code).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def version_of(*, code: str, version: str) -> TemplateVersion:
    """One version of one template, or NOT_FOUND."""
    found = (
        TemplateVersion.objects.select_related("template")
        .filter(template__code=code, version=version)
        .first()
    )
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found
