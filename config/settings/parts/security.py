"""Headers, Content-Security-Policy, upload limits."""

from csp.constants import NONE, SELF

from config.env import integer, listing

ALLOWED_HOSTS = listing("PRISM_ALLOWED_HOSTS", ("*",))
"""The tenant look-up is the host check: an unknown host is answered with a neutral 404 before any page runs."""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

UPLOAD_MAX_BYTES = integer("UPLOAD_MAX_BYTES", 200 * 1024 * 1024)
UPLOAD_MAX_FILES = 20
# Larger uploads go to a temporary file in chunks, so that the web process does not grow with them.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "apps.kernel.http.uploads.BoundedUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_MAX_FILES

OUTBOUND_ALLOWED = listing("PRISM_OUTBOUND_ALLOWED", ())
"""`host:port` of places on this machine that may be called at addresses which people enter; refused in production."""
