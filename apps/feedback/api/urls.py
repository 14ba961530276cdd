"""Addresses of this room's API."""

from django.urls import path

from apps.feedback.api import views

app_name = "feedback_api"
urlpatterns = [
    path("documents/<uuid:document_id>/feedback/", views.Items.as_view(), name="items"),
    path("documents/<uuid:document_id>/review/close/", views.Close.as_view(), name="close"),
    path("documents/<uuid:document_id>/review/reopen/", views.Reopen.as_view(), name="reopen"),
    path("documents/<uuid:document_id>/review/revert-all/", views.RevertAll.as_view(), name="revert_all"),
    path("documents/<uuid:document_id>/exports/", views.Exports.as_view(), name="exports"),
    path("feedback/<uuid:item_id>/", views.OneItem.as_view(), name="item"),
    path("feedback/<uuid:item_id>/accept/", views.Accept.as_view(), name="accept"),
    path("feedback/<uuid:item_id>/reject/", views.Reject.as_view(), name="reject"),
    path("feedback/<uuid:item_id>/revert/", views.Revert.as_view(), name="revert"),
    path("exports/<uuid:export_id>/file/", views.ExportFile.as_view(), name="export_file"),
]
