"""Addresses of this room's API."""

from django.urls import path

from apps.documents.api import documents, jobs

app_name = "documents_api"
root_links = {"documents": "documents_api:documents"}
urlpatterns = [
    path("documents/", documents.Documents.as_view(), name="documents"),
    path("documents/<uuid:document_id>/", documents.OneDocument.as_view(), name="document"),
    path("documents/<uuid:document_id>/sections/", documents.Sections.as_view(), name="sections"),
    path("documents/<uuid:document_id>/original/", documents.Original.as_view(), name="original"),
    path("documents/<uuid:document_id>/activity/", documents.Activity.as_view(), name="activity"),
    path("documents/<uuid:document_id>/job/", jobs.DocumentJob.as_view(), name="document_job"),
    path("jobs/<uuid:job_id>/", jobs.OneJob.as_view(), name="job"),
    path("jobs/<uuid:job_id>/cancel/", jobs.Cancel.as_view(), name="cancel"),
    path("jobs/<uuid:job_id>/retry/", jobs.Retry.as_view(), name="retry"),
]
