"""Accounts: who people are, how they sign in, what they may do."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers what this room reacts to, its menu entries, what people own and the deeds' names."""

    name = "apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Wire receivers, navigation and audit actions."""
        from apps.accounts import audit_actions, belongings, navigation, receivers  # noqa: F401
