"""Pages of people and sign-in."""

from django.urls import path

from apps.accounts.views import connections, invitation, passwords, people, profile, saml, sign_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign_out"),
    path("password/forgotten/", passwords.Forgotten.as_view(), name="password_forgot"),
    path("password/reset/<str:token>/", passwords.Reset.as_view(), name="password_reset"),
    path("invitation/<str:token>/", invitation.AcceptInvitation.as_view(), name="invitation"),
    path("saml/<slug:slug>/metadata/", saml.SAMLMetadata.as_view(), name="saml_metadata"),
    path("saml/<slug:slug>/login/", saml.SAMLLogin.as_view(), name="saml_login"),
    path("saml/<slug:slug>/acs/", saml.SAMLAnswer.as_view(), name="saml_acs"),
    path("saml/<slug:slug>/collect/<uuid:answer_id>/", saml.SAMLCollect.as_view(), name="saml_collect"),
    path("people/", people.People.as_view(), name="people"),
    path("people/<uuid:person_id>/role/", people.ChangeRole.as_view(), name="change_role"),
    path("people/<uuid:person_id>/deactivate/", people.Deactivate.as_view(), name="deactivate"),
    path("people/<uuid:person_id>/reactivate/", people.Reactivate.as_view(), name="reactivate"),
    path(
        "people/invitations/<uuid:invitation_id>/withdraw/",
        people.WithdrawInvitation.as_view(),
        name="withdraw_invitation",
    ),
    path("organization/single-sign-on/", connections.Connections.as_view(), name="connections"),
    path("organization/single-sign-on/domains/", connections.Domains.as_view(), name="domains"),
    path(
        "organization/single-sign-on/domains/<uuid:domain_id>/prove/",
        connections.ProveDomain.as_view(),
        name="prove_domain",
    ),
    path(
        "organization/single-sign-on/domains/<uuid:domain_id>/remove/",
        connections.RemoveDomain.as_view(),
        name="remove_domain",
    ),
    path("organization/single-sign-on/required/", connections.RequireSSO.as_view(), name="require_sso"),
    path("organization/single-sign-on/<uuid:connection_id>/", connections.Connection.as_view(), name="connection"),
    path("organization/single-sign-on/<uuid:connection_id>/provider/", connections.Provider.as_view(), name="provider"),
    path(
        "organization/single-sign-on/<uuid:connection_id>/people/",
        connections.WhoMayCome.as_view(),
        name="who_may_come",
    ),
    path(
        "organization/single-sign-on/<uuid:connection_id>/switch/",
        connections.Switch.as_view(),
        name="switch_connection",
    ),
    path(
        "organization/single-sign-on/<uuid:connection_id>/remove/",
        connections.Remove.as_view(),
        name="remove_connection",
    ),
    path("organization/single-sign-on/<uuid:connection_id>/try/", connections.Try.as_view(), name="try_connection"),
    path(
        "organization/single-sign-on/tried/<uuid:answer_id>/",
        connections.Tried.as_view(),
        name="connection_tested",
    ),
    path("profile/", profile.Profile.as_view(), name="profile"),
    path("profile/password/", profile.Password.as_view(), name="change_password"),
    path("profile/keys/", profile.Keys.as_view(), name="api_keys"),
    path("profile/keys/<uuid:key_id>/revoke/", profile.RevokeKey.as_view(), name="revoke_api_key"),
    path("profile/theme/", profile.ThemeChoice.as_view(), name="theme"),
]
