"""/api/v2/: each room's own API, nothing else."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

urlpatterns = [
    path("", include("apps.accounts.api.urls")),
    path("", include("apps.documents.api.urls")),
    path("", include("apps.analysis.api.urls")),
    path("", include("apps.feedback.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api_schema"), name="api_docs"),
]
