from django.apps import AppConfig


class KernelConfig(AppConfig):
    """内核."""

    name = "zhiheng.kernel"
    label = "kernel"
    verbose_name = "内核"
    default_auto_field = "django.db.models.BigAutoField"
