from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """职责目录."""

    name = "catalog"
    label = "catalog"
    verbose_name = "职责目录"
    default_auto_field = "django.db.models.BigAutoField"
