"""Rows of the control plane."""

from apps.tenants.models.domain import Domain
from apps.tenants.models.operator_entry import OperatorEntry
from apps.tenants.models.tenant import Tenant

__all__ = ["Domain", "OperatorEntry", "Tenant"]
