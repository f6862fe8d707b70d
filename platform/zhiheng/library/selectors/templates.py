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
