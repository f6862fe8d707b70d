from django.apps import AppConfig


class WebConfig(AppConfig):
    """页面."""

    name = "zhiheng.web"
    label = "web"
    verbose_name = "页面"
    default_auto_field = "django.db.models.BigAutoField"
