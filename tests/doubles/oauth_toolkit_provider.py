"""A real OpenID provider in a process and an environment of its own: Django OAuth Toolkit behind a sign-in form, on loopback.

Run with the environment that `make provider` makes: python oauth_toolkit_provider.py FOLDER PORT REDIRECT_URI. FOLDER/ready is there when
it answers. It knows nothing of this project.
"""

import os
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

CLIENT_ID = "ai-prism"
CLIENT_SECRET = "a secret of the provider's making"
PASSWORD = "op-password"
PEOPLE = {
    "lena": {"email": "lena@example.com", "name": "Lena Lang", "groups": ["prism-analysts"]},
    "mallory": {"email": "mallory@elsewhere.example", "name": "Mallory", "groups": []},
}
_FORM = (
    "<!doctype html><title>Company sign-in</title><link rel=icon href='data:,'><h1>Company sign-in</h1><form method=post>{% csrf_token %}"
    "<label>User <input name=username></label><label>Password <input name=password type=password></label>"
    "<input type=hidden name=next value='{{ next }}'><button>Sign in</button></form>"
)


def _private_key() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _configure(folder: Path) -> None:
    settings.configure(
        SECRET_KEY="of-the-provider-" + "x" * 50,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="__main__",
        USE_TZ=True,
        LOGIN_URL="/login/",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        # Browsers share cookies between the ports of a host.
        SESSION_COOKIE_NAME="provider_session",
        CSRF_COOKIE_NAME="provider_csrf",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [("django.template.loaders.locmem.Loader", {"registration/login.html": _FORM})],
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                    ],
                },
            }
        ],
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": _private_key(),
            "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
            "PKCE_REQUIRED": True,
            "SCOPES": {name: name for name in ("openid", "profile", "email", "groups")},
            "OAUTH2_VALIDATOR_CLASS": "__main__.Validator",
        },
    )


def _fill(redirect_uri: str) -> None:
    from django.contrib.auth import get_user_model
    from oauth2_provider.models import get_application_model

    call_command("migrate", verbosity=0)
    for name, person in PEOPLE.items():
        get_user_model().objects.create_user(name, email=person["email"], password=PASSWORD)
    get_application_model().objects.create(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=redirect_uri,
        algorithm="RS256",
        skip_authorization=True,
    )


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Silence."""


def main(folder: Path, port: int, redirect_uri: str) -> None:
    """Serve until killed."""
    # It speaks plain HTTP, on loopback.
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    _configure(folder)
    django.setup()
    _fill(redirect_uri)
    _define()
    server = make_server("127.0.0.1", port, get_wsgi_application(), server_class=_Server, handler_class=_Quiet)
    (folder / "ready").touch()
    server.serve_forever()


def _define() -> None:
    """What can only be imported once the settings are there."""
    from django.contrib.auth.views import LoginView
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Validator(OAuth2Validator):
        """Says of people what a company's provider says."""

        oidc_claim_scope = {**OAuth2Validator.oidc_claim_scope, "groups": "groups"}

        def get_additional_claims(self, request: Any) -> dict[str, Any]:
            """From the table above; every address is verified."""
            return {**PEOPLE[request.user.username], "email_verified": True}

    module = sys.modules["__main__"]
    module.Validator = Validator
    module.urlpatterns = [
        path("login/", LoginView.as_view()),
        path("", include("oauth2_provider.urls", namespace="oauth2_provider")),
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
