"""Addresses of this room's API."""

from django.urls import path

from apps.accounts.api import views

app_name = "accounts_api"
urlpatterns = [
    path("me/", views.Me.as_view(), name="me"),
    path("people/", views.People.as_view(), name="people"),
    path("people/<uuid:person_id>/", views.OnePerson.as_view(), name="person"),
    path("invitations/", views.Invitations.as_view(), name="invitations"),
    path("invitations/<uuid:invitation_id>/", views.OneInvitation.as_view(), name="invitation"),
    path("api-keys/", views.ApiKeys.as_view(), name="api_keys"),
    path("api-keys/<uuid:key_id>/", views.OneApiKey.as_view(), name="api_key"),
]
