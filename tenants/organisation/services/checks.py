"""What every write of this app shares: checked storing, and refusals in Chinese."""

from datetime import date
from typing import NoReturn, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models

from zhiheng.kernel.dated import Dated
from zhiheng.kernel.errors import Code, Problem

Row = TypeVar("Row", bound=models.Model)


def stored(row: Row) -> Row:
    """Validate fields and constraints, then save.  Raises INVALID_INPUT that names the field in Chinese."""
    try:
        row.full_clean()
    except ValidationError as error:
        place, messages = next(iter(error.message_dict.items()))
        reason = "".join(str(m) for m in messages).rstrip("。")
        refuse(_place(row, place), reason, "请改正后再保存。", cause=error)
    row.save()
    return row


def refuse(place: str, reason: str, advice: str, cause: Exception | None = None) -> NoReturn:
    """Raise INVALID_INPUT."""
    raise Problem(Code.INVALID_INPUT, place=place, reason=reason, advice=advice) from cause


def free_code(
    rows: "models.QuerySet[models.Model]", what: str, code: str, begin: date, end: date | None
) -> None:
    """Raise INVALID_INPUT when ``code`` is taken by one of these dated rows at any time of the period."""
    taken = rows.filter(code=code).filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=begin))
    if end is not None:
        taken = taken.filter(valid_from__lte=end)
    if taken.exists():
        refuse(f"{what}代码", f"“{code}”已有人用", "请换一个代码；改名或调整不需要新代码。")


def valid_then(row: Dated, day: date, what: str) -> None:
    """Raise INVALID_INPUT when ``row`` is not valid on ``day``."""
    if not row.is_valid_on(day):
        refuse(
            what,
            f"“{row}”在{day}不存在",
            f"它的有效期是{row.valid_from}到{row.valid_to or '今'}，请换一个日期。",
        )


def _place(row: models.Model, field: str) -> str:
    name = str(row._meta.verbose_name)
    if field == NON_FIELD_ERRORS:
        return f"{name}“{row}”"
    try:
        return f"{name}的{row._meta.get_field(field).verbose_name}"  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name
