"""Addresses of this room's API."""

from django.urls import path

from apps.analysis.api import views

app_name = "analysis_api"
urlpatterns = [
    path("documents/<uuid:document_id>/analysis/", views.Analysis.as_view(), name="analysis"),
    path("documents/<uuid:document_id>/analyze/", views.Analyze.as_view(), name="analyze"),
]
