from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """考核."""

    name = "assessment"
    label = "assessment"
    verbose_name = "考核"
    default_auto_field = "django.db.models.BigAutoField"
