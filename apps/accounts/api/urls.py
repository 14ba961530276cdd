"""Addresses of this room's API."""

from django.urls import path

from apps.accounts.api import keys, people, stream

app_name = "accounts_api"
root_links = {
    "me": "accounts_api:me",
    "people": "accounts_api:people",
    "invitations": "accounts_api:invitations",
    "api_keys": "accounts_api:api_keys",
    "stream": "accounts_api:stream",
}
urlpatterns = [
    path("me/", people.Me.as_view(), name="me"),
    path("people/", people.People.as_view(), name="people"),
    path("people/<uuid:person_id>/", people.OnePerson.as_view(), name="person"),
    path("invitations/", people.Invitations.as_view(), name="invitations"),
    path("invitations/<uuid:invitation_id>/", people.OneInvitation.as_view(), name="invitation"),
    path("api-keys/", keys.ApiKeys.as_view(), name="api_keys"),
    path("api-keys/<uuid:key_id>/", keys.OneApiKey.as_view(), name="api_key"),
    path("stream/", stream.Stream.as_view(), name="stream"),
]
