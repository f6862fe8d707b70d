from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """账号."""

    name = "zhiheng.accounts"
    label = "accounts"
    verbose_name = "账号"
    default_auto_field = "django.db.models.BigAutoField"
