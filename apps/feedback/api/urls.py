"""Addresses of this room's API."""

from django.urls import path

from apps.feedback.api import access, exports, items, reviews

app_name = "feedback_api"
root_links: dict[str, str] = {}
urlpatterns = [
    path("documents/<uuid:document_id>/feedback/", items.Items.as_view(), name="items"),
    path("documents/<uuid:document_id>/review/", reviews.OneReview.as_view(), name="review"),
    path("documents/<uuid:document_id>/review/preview/", reviews.Preview.as_view(), name="preview"),
    path("documents/<uuid:document_id>/review/close/", reviews.Close.as_view(), name="close"),
    path("documents/<uuid:document_id>/review/reopen/", reviews.Reopen.as_view(), name="reopen"),
    path("documents/<uuid:document_id>/review/revert-all/", reviews.RevertAll.as_view(), name="revert_all"),
    path(
        "documents/<uuid:document_id>/review/revert-all/undo/",
        reviews.UndoRevertAll.as_view(),
        name="undo_revert_all",
    ),
    path("documents/<uuid:document_id>/access/", access.DocumentAccess.as_view(), name="access"),
    path("documents/<uuid:document_id>/exports/", exports.Exports.as_view(), name="exports"),
    path("feedback/<uuid:item_id>/", items.OneItem.as_view(), name="item"),
    path("feedback/<uuid:item_id>/accept/", items.Accept.as_view(), name="accept"),
    path("feedback/<uuid:item_id>/reject/", items.Reject.as_view(), name="reject"),
    path("feedback/<uuid:item_id>/reword/", items.Reword.as_view(), name="reword"),
    path("feedback/<uuid:item_id>/revert/", items.Revert.as_view(), name="revert"),
    path("feedback/<uuid:item_id>/decisions/", items.Decisions.as_view(), name="decisions"),
    path("exports/<uuid:export_id>/", exports.OneExport.as_view(), name="export"),
    path("exports/<uuid:export_id>/file/", exports.ExportFile.as_view(), name="export_file"),
]
