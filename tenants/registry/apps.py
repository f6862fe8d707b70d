from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """租户."""

    name = "tenants.registry"
    label = "registry"
    verbose_name = "租户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the kernel's tasks how a tenant is entered."""
        from tenants.registry.selectors.tenants import active_schemas, schema_context
        from zhiheng.kernel.tasks import enter_with

        enter_with(schema_context, active_schemas)
