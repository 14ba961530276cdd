"""Pages of this room."""

from django.urls import path

from apps.analysis.views import framework

app_name = "analysis"
urlpatterns = [path("framework/", framework.FrameworkPage.as_view(), name="framework")]
