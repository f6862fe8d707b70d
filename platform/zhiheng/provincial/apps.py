from django.apps import AppConfig


class ProvincialConfig(AppConfig):
    """省级."""

    name = "zhiheng.provincial"
    label = "provincial"
    verbose_name = "省级"
    default_auto_field = "django.db.models.BigAutoField"
