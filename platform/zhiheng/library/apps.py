from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """标准库."""

    name = "zhiheng.library"
    label = "library"
    verbose_name = "标准库"
    default_auto_field = "django.db.models.BigAutoField"
