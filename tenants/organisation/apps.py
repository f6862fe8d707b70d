from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """组织."""

    name = "tenants.organisation"
    label = "organisation"
    verbose_name = "组织"
    default_auto_field = "django.db.models.BigAutoField"
