from django.apps import AppConfig


class BenchmarkingConfig(AppConfig):
    """对标."""

    name = "zhiheng.benchmarking"
    label = "benchmarking"
    verbose_name = "对标"
    default_auto_field = "django.db.models.BigAutoField"
