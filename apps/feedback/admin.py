"""What people decided and took home, to be read alone."""

from django.contrib import admin

from apps.accounts.fact_admin import FactsAdmin
from apps.feedback.models import Decision, Export, Item


@admin.register(Item)
class ItemAdmin(FactsAdmin):
    """Items as they stand."""

    list_display = ("review__version", "type", "risk", "points", "state", "engine", "author")
    list_filter = ("state", "type", "engine")
    list_select_related = ("review__version", "author")


@admin.register(Decision)
class DecisionAdmin(FactsAdmin):
    """Decisions in their order."""

    list_display = ("item__review__version", "item", "revision", "verdict", "decided_by", "decided_at")
    list_filter = ("verdict",)
    list_select_related = ("item__review__version", "decided_by")


@admin.register(Export)
class ExportAdmin(FactsAdmin):
    """Files that were made of reviews."""

    list_display = ("file_name", "comment_count", "made_by", "created_at")
    list_select_related = ("made_by",)
