"""What a tenant's host serves."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    # First, as it is asked most: each address before it is tried in vain by every call.
    path("api/v2/", include("config.urls.api")),
    path("", include("apps.accounts.urls")),
    path("", include("apps.documents.urls")),
    path("", include("apps.analysis.urls")),
    path("", include("apps.feedback.urls")),
    path("stream/", include("apps.kernel.events.urls")),
    path("scim/v2/", include("apps.accounts.api.scim.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "apps.kernel.http.error_pages.bad_request"
handler403 = "apps.kernel.http.error_pages.forbidden"
handler404 = "apps.kernel.http.error_pages.not_found"
handler500 = "apps.kernel.http.error_pages.server_error"
