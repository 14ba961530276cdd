"""Accounts: who people are, how they sign in, what they may do."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the menu entry and the deeds' names."""

    name = "apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Wire navigation and audit actions."""
        from apps.accounts import audit_actions, navigation  # noqa: F401
