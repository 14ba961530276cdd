"""/api/v2/: each room's own API, and what is told about all of them."""

from django.urls import include, path

from apps.accounts.api import urls as accounts
from apps.accounts.api.reference import Schema
from apps.accounts.api.root import Root
from apps.accounts.views.api_docs import ApiDocs
from apps.analysis.api import urls as analysis
from apps.documents.api import urls as documents
from apps.feedback.api import urls as feedback

_OWN_LINKS = {"schema": "api_schema", "docs": "api_docs"}

urlpatterns = [
    path(
        "",
        Root.as_view(
            links=accounts.root_links | documents.root_links | analysis.root_links | feedback.root_links | _OWN_LINKS
        ),
        name="api_root",
    ),
    path("", include(accounts)),
    path("", include(documents)),
    path("", include(analysis)),
    path("", include(feedback)),
    path("schema/", Schema.as_view(), name="api_schema"),
    path("docs/", ApiDocs.as_view(), name="api_docs"),
]
