"""Addresses of this room's API."""

from django.urls import path

from apps.accounts.api import (
    belongings,
    invite_many,
    keys,
    look,
    people,
    service_accounts,
    sessions,
    sign_in_policy,
    stream,
    teams,
    tokens,
)

app_name = "accounts_api"
root_links = {
    "me": "accounts_api:me",
    "people": "accounts_api:people",
    "invitations": "accounts_api:invitations",
    "teams": "accounts_api:teams",
    "api_keys": "accounts_api:api_keys",
    "organization_api_keys": "accounts_api:organization_api_keys",
    "service_accounts": "accounts_api:service_accounts",
    "sign_in_policy": "accounts_api:sign_in_policy",
    "branding": "accounts_api:branding",
    "sessions": "accounts_api:sessions",
    "stream": "accounts_api:stream",
}
urlpatterns = [
    path("me/", people.Me.as_view(), name="me"),
    path("people/", people.People.as_view(), name="people"),
    path("people/<uuid:person_id>/", people.OnePerson.as_view(), name="person"),
    path(
        "people/<uuid:person_id>/second-factors/",
        sign_in_policy.SecondFactorsOfPerson.as_view(),
        name="second_factors_of_person",
    ),
    path("teams/", teams.Teams.as_view(), name="teams"),
    path("teams/<uuid:team_id>/", teams.OneTeam.as_view(), name="team"),
    path("teams/<uuid:team_id>/members/", teams.Members.as_view(), name="team_members"),
    path("memberships/<uuid:membership_id>/", teams.OneMembership.as_view(), name="membership"),
    path("sign-in-policy/", sign_in_policy.SignInRules.as_view(), name="sign_in_policy"),
    path("people/<uuid:person_id>/belongings/", belongings.Belongings.as_view(), name="belongings"),
    path("people/<uuid:person_id>/sessions/", sessions.SessionsOfPerson.as_view(), name="person_sessions"),
    path("sessions/", sessions.Sessions.as_view(), name="sessions"),
    path("sessions/<uuid:session_id>/", sessions.OneSession.as_view(), name="session"),
    path("invitations/", people.Invitations.as_view(), name="invitations"),
    path("invitations/bulk/", invite_many.BulkInvitations.as_view(), name="invite_many"),
    path("invitations/bulk/<uuid:batch_id>/", invite_many.OneBatch.as_view(), name="invitation_batch"),
    path("invitations/<uuid:invitation_id>/", people.OneInvitation.as_view(), name="invitation"),
    path("invitations/<uuid:invitation_id>/resend/", people.Resend.as_view(), name="resend_invitation"),
    path("branding/", look.BrandingOfOrganization.as_view(), name="branding"),
    path("branding/logo/", look.BrandingLogo.as_view(), name="branding_logo"),
    path("api-keys/", keys.ApiKeys.as_view(), name="api_keys"),
    path("api-keys/<uuid:key_id>/", keys.OneApiKey.as_view(), name="api_key"),
    path("api-keys/<uuid:key_id>/rotate/", keys.RotateApiKey.as_view(), name="rotate_api_key"),
    path("organization/api-keys/", keys.EveryApiKey.as_view(), name="organization_api_keys"),
    path("people/<uuid:person_id>/tokens/", tokens.TokensOfPerson.as_view(), name="person_tokens"),
    path("service-accounts/", service_accounts.ServiceAccounts.as_view(), name="service_accounts"),
    path("service-accounts/<uuid:account_id>/", service_accounts.OneServiceAccount.as_view(), name="service_account"),
    path(
        "service-accounts/<uuid:account_id>/keys/",
        service_accounts.KeysOfServiceAccount.as_view(),
        name="service_account_keys",
    ),
    path("tokens/<uuid:family_id>/", tokens.OneFamily.as_view(), name="token_family"),
    path("tokens/", tokens.Tokens.as_view(), name="tokens"),
    path("tokens/refresh/", tokens.Refresh.as_view(), name="refresh_tokens"),
    path("stream/", stream.Stream.as_view(), name="stream"),
]
