"""Django's own migrate, under a name that django-tenants has not replaced. Used by migrate_tenants."""

from django.core.management.commands.migrate import Command

__all__ = ["Command"]
