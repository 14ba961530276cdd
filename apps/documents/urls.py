"""Pages of this room."""

from django.urls import path

from apps.documents.views import detail, download, upload

app_name = "documents"
urlpatterns = [
    path("documents/upload/", upload.Upload.as_view(), name="upload"),
    path("documents/<uuid:document_id>/about/", detail.About.as_view(), name="about"),
    path("documents/<uuid:document_id>/change/", detail.Change.as_view(), name="change"),
    path("documents/<uuid:document_id>/delete/", detail.Delete.as_view(), name="delete"),
    path("documents/<uuid:document_id>/original/", download.Original.as_view(), name="original"),
    path("documents/<uuid:document_id>/progress/", detail.Progress.as_view(), name="progress"),
    path("documents/<uuid:document_id>/cancel/", detail.Cancel.as_view(), name="cancel"),
    path("documents/<uuid:document_id>/retry/", detail.Retry.as_view(), name="retry"),
]
