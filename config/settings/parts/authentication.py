"""Who signs in, and how: the user model, password hashing and rules, sessions."""

from config.env import boolean, integer, listing, networks, text

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = integer("PASSWORD_RESET_TIMEOUT_S", 3600)
INVITATION_MAX_AGE_S = integer("INVITATION_MAX_AGE_S", 7 * 24 * 3600)

SESSION_ENGINE = "apps.accounts.session_store"
# The cookie and its row are renewed while the session is used; when it is over is the organization's policy (SignInPolicy).
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "apps.kernel.http.error_pages.csrf_failure"

SSO_REQUEST_MAX_AGE_S = 10 * 60
"""How long the way to an identity provider and back may take, in seconds."""
SSO_COOKIE_NAME = "sso"
"""Holds, in the browser that began to sign in, what it asked for."""
DNS_SERVERS = listing("PRISM_DNS_SERVERS", ())
"""Asked for the proof of a mail domain and for servers that people entered, `address` or `address:port`; the system's own when empty."""

DIRECTORY_NETWORKS = networks("PRISM_DIRECTORY_NETWORKS")
"""Networks that are not public and in which an organization's LDAP server may be; none when empty."""
DIRECTORY_PLAIN_ON_LOOPBACK = boolean("PRISM_DIRECTORY_PLAIN_ON_LOOPBACK", default=False)
"""May a directory on this very machine be asked without TLS? Never one elsewhere."""
DIRECTORY_TIMEOUT_S = 8.0
"""How long a whole conversation with a directory may take, whatever the server sends, in seconds."""
COUNTRY_DATABASE = text("PRISM_COUNTRY_DATABASE")
"""A file in MaxMind's format (GeoLite2, DB-IP and others) that says where an address is; empty: nothing is known."""
BREACHED_PASSWORDS = text("PRISM_BREACHED_PASSWORDS")
"""A file of SHA-1 digests of breached passwords, in order; empty: only very common ones are known."""
DEVICE_COOKIE_NAME = "device"
"""Tells a browser that somebody has signed in with from one that nobody has."""
