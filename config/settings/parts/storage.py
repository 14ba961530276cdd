"""Where originals and exports are kept; encrypted before they are written, whatever the place is."""

from config.env import secret, text
from config.settings.parts.aws import AWS_REGION
from config.settings.parts.database import EMBEDDED_DATA, ROOT

_S3_BUCKET = text("PRISM_S3_BUCKET")

STORAGES = {
    "default": (
        {
            "BACKEND": "apps.kernel.storage.s3.S3Files",
            "OPTIONS": {
                "bucket_name": _S3_BUCKET,
                "region_name": AWS_REGION or None,
                "default_acl": None,
                "file_overwrite": False,
                "querystring_auth": True,
            },
        }
        if _S3_BUCKET
        else {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(EMBEDDED_DATA / "files")},
        }
    ),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STORAGE_KEY_PROVIDER = text("PRISM_KEY_PROVIDER", "apps.kernel.storage.key_providers.LocalKeyProvider")
STORAGE_MASTER_KEY = secret("PRISM_STORAGE_KEY")
STORAGE_MASTER_KEY_FILE = EMBEDDED_DATA / "storage.key"
STORAGE_KMS_KEY_ID = text("PRISM_KMS_KEY_ID")

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]
