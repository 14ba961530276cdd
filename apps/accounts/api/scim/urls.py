"""/scim/v2/: without slashes at the end, as RFC 7644 has its addresses."""

from django.urls import path, re_path

from apps.accounts.api.scim import discovery, groups, users

app_name = "scim"
urlpatterns = [
    path("ServiceProviderConfig", discovery.Config.as_view(), name="config"),
    path("ResourceTypes", discovery.ResourceTypes.as_view(), name="resource_types"),
    path("ResourceTypes/<str:name>", discovery.OneResourceType.as_view(), name="resource_type"),
    path("Schemas", discovery.Schemas.as_view(), name="schemas"),
    path("Schemas/<str:urn>", discovery.OneSchema.as_view(), name="schema"),
    path("Users", users.Users.as_view(), name="users"),
    path("Users/<uuid:user_id>", users.OneUser.as_view(), name="user"),
    path("Groups", groups.Groups.as_view(), name="groups"),
    path("Groups/<uuid:group_id>", groups.OneGroup.as_view(), name="group"),
    path("Bulk", discovery.NotSupported.as_view(), name="bulk"),
    path("Me", discovery.NotSupported.as_view(), name="me"),
    path(".search", discovery.NotSupported.as_view(), name="search"),
    path("Users/.search", discovery.NotSupported.as_view(), name="search_users"),
    path("Groups/.search", discovery.NotSupported.as_view(), name="search_groups"),
    re_path(r"", discovery.Nothing.as_view(), name="nothing"),
]
