from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """对接."""

    name = "integrations"
    label = "integrations"
    verbose_name = "对接"
    default_auto_field = "django.db.models.BigAutoField"
