"""Mail: an SMTP server when one is given, else a file a message: links that open accounts do not belong into a log."""

from config.env import boolean, integer, secret, text
from config.settings.parts.database import EMBEDDED_DATA

EMAIL_HOST = text("EMAIL_HOST")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = str(EMBEDDED_DATA / "mail")
EMAIL_PORT = integer("EMAIL_PORT", 587)
EMAIL_HOST_USER = text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = boolean("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", "AI-Prism <no-reply@localhost>")
