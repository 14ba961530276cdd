"""HTTP plumbing that keeps rows: replies to repeated requests."""

from django.apps import AppConfig


class HttpConfig(AppConfig):
    """The kernel's HTTP package."""

    name = "apps.kernel.http"
    label = "http"
