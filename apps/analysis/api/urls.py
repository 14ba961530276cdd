"""Addresses of this room's API."""

from django.urls import path

from apps.analysis.api import frameworks, runs

app_name = "analysis_api"
root_links = {"frameworks": "analysis_api:frameworks"}
urlpatterns = [
    path("documents/<uuid:document_id>/analysis/", runs.Analysis.as_view(), name="analysis"),
    path("documents/<uuid:document_id>/analyze/", runs.Analyze.as_view(), name="analyze"),
    path("frameworks/", frameworks.Frameworks.as_view(), name="frameworks"),
    path("frameworks/<uuid:framework_id>/", frameworks.OneFramework.as_view(), name="framework"),
]
