"""Addresses of this room's API."""

from django.urls import path

from apps.documents.api import views

app_name = "documents_api"
urlpatterns = [
    path("documents/", views.Documents.as_view(), name="documents"),
    path("documents/<uuid:document_id>/", views.OneDocument.as_view(), name="document"),
    path("documents/<uuid:document_id>/sections/", views.Sections.as_view(), name="sections"),
    path("documents/<uuid:document_id>/original/", views.Original.as_view(), name="original"),
    path("documents/<uuid:document_id>/job/", views.DocumentJob.as_view(), name="job"),
]
