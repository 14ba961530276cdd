"""The plant room itself: commands and checks that belong to no product room."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Registers the system checks of tenancy."""

    name = "apps.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Import the checks so that Django runs them."""
        from apps.kernel.tenancy import checks  # noqa: F401
