"""Template tags of the house (模板标签): icons, figures, dates, bars, form fields.

Nothing here writes a ``style`` attribute: the content security policy refuses inline styles, so lengths are SVG
attributes and depths are classes.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from zhiheng.web.icons import NAMES
from zhiheng.web.show import show

register = template.Library()

STATUS_ICONS: Mapping[str, str] = {
    "ok": "circle-check",
    "info": "progress",
    "warn": "clock-exclamation",
    "danger": "alert-octagon",
    "returned": "arrow-back-up",
    "none": "circle-dashed",
}
MESSAGE_ICONS: Mapping[str, str] = {
    "success": "circle-check",
    "ok": "circle-check",
    "warning": "alert-triangle",
    "warn": "alert-triangle",
    "error": "alert-octagon",
    "danger": "alert-octagon",
}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """One symbol of the sprite, hidden from screen readers; an unknown name raises KeyError."""
    if name not in NAMES:
        raise KeyError(f"no such icon: {name}")
    sprite = static("vendor/tabler-icons/icons.svg")
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        f" {extra}" if extra else "",
        sprite,
        name,
    )


@register.simple_tag
def tag(text: object, meaning: str = "none", icon_name: str = "") -> SafeString:
    """Status as icon, word and colour; ``meaning`` is one of ok info warn danger returned none."""
    return format_html(
        '<span class="zh-tag is-{}">{}{}</span>', meaning, icon(icon_name or STATUS_ICONS[meaning]), text
    )


@register.filter
def message_icon(level: str) -> str:
    """Icon for a message level of Django."""
    return MESSAGE_ICONS.get(level.rpartition(" ")[2], "info-circle")


@register.simple_tag(takes_context=True)
def route(context: template.Context, name: str, *args: Any, **kwargs: Any) -> str:
    """Address of a named route, or empty where this tenant kind does not have it (error pages without tenant)."""
    request = context.get("request")
    try:
        return reverse(name, urlconf=getattr(request, "urlconf", None), args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.filter(name="show")
def show_filter(value: object) -> str:
    """A value as people write it: exact decimals, Chinese dates, 是/否, and — for nothing."""
    return show(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """2026年11月20日."""
    return show(localtime(value).date() if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> str:
    """2026年11月20日 14:32."""
    return show(value)


@register.filter
def grouped(value: Decimal | int | None) -> str:
    """Thousands separated by commas, digits otherwise untouched; — for nothing."""
    return "—" if value is None else f"{value:,}"


@register.simple_tag
def bar(percent: object, label: object = "", meaning: str = "") -> SafeString:
    """Progress bar from 0 to 100; the label is read out (and must also stand beside it as text)."""
    width = max(Decimal(0), min(Decimal(100), Decimal(str(percent or 0))))
    return format_html(
        '<svg class="zh-bar{}" width="100%" height="6" role="img" aria-label="{}">'
        '<rect class="bg" width="100%" height="6" rx="3"/><rect class="fg" width="{}%" height="6" rx="3"/></svg>',
        f" is-{meaning}" if meaning else "",
        label or f"{width:f}%",
        f"{width:f}",
    )


def _widget_class(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect | CheckboxInput):
        return ""
    if isinstance(widget, Select):
        return "form-select"
    return "form-control zh-file-input" if isinstance(widget, FileInput) else "form-control"


@register.simple_tag
def control(field: BoundField, extra: str = "") -> SafeString:
    """The input of a form field with the house's classes; errors mark it."""
    names = [_widget_class(field), extra, "is-invalid" if field.errors else ""]
    return field.as_widget(attrs={"class": " ".join(n for n in names if n)})


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """True for radio and checkbox groups, which need a fieldset."""
    return isinstance(field.field.widget, CheckboxSelectMultiple | RadioSelect)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """True for a single check box, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    """``mapping[key]`` or nothing."""
    return mapping.get(key)
