"""Columns that follow from a name: its place in pinyin order and its initials (拼音)."""

from collections.abc import Callable
from typing import Any

from django.db import models

from tenants.organisation.pinyin import initials, person_sort_key, sort_key


class FromName(models.CharField):  # type: ignore[type-arg]
    """A text column computed from ``name`` whenever the row is stored, bulk inserts included."""

    def __init__(self, compute: Callable[[str], str] = sort_key, **options: Any) -> None:
        self.compute = compute
        always = {"editable": False, "blank": True, "default": "", "db_collation": "C"}
        super().__init__(**{"max_length": 400, **options, **always})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002
        """The value for the database."""
        value = self.compute(str(model_instance.name))  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        """Migrations see a plain text column."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def pinyin_order() -> FromName:
    """Sort key of a unit, section or post."""
    return FromName(sort_key, verbose_name="排序")


def surname_order() -> FromName:
    """Sort key of a person."""
    return FromName(person_sort_key, verbose_name="排序")


def name_initials() -> FromName:
    """Initials to find a name by."""
    return FromName(initials, max_length=40, verbose_name="拼音首字母")
