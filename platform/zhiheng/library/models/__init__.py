"""Shared library (标准库): versioned templates and the national indicator dictionary.  Colleges read, operators write."""

from zhiheng.library.models.indicators import IndicatorDefinition
from zhiheng.library.models.templates import Template, TemplateKind, TemplateVersion

__all__ = ["IndicatorDefinition", "Template", "TemplateKind", "TemplateVersion"]
