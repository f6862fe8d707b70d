from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """租户."""

    name = "tenants.registry"
    label = "registry"
    verbose_name = "租户"
    default_auto_field = "django.db.models.BigAutoField"
