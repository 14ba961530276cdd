"""Tenants: who the customers are. Our only app in the shared schema."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """The control plane."""

    name = "apps.tenants"
    label = "tenants"
    verbose_name = "Organizations"
