"""Which apps live where. The two lists share nothing: a query without a tenant then finds no table (ADR 0001)."""

# Ours comes first: of two commands of one name (`delete_tenant`) the first app's is run.
SHARED_APPS = [
    "apps.tenants",
    "django_tenants",
]

TENANT_APPS = [
    "apps.accounts",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "apps.accounts.admin_site.PrismAdminConfig",
    "auditlog",
    "apps.kernel.http",
    "apps.kernel.events",
    "apps.kernel.audit",
    "apps.kernel.jobs",
    "apps.documents",
    "apps.analysis",
    "apps.feedback",
]

# Apps without tables: commands, templates, static files.
_TABLELESS_APPS = [
    "apps.kernel",
    "channels",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
]

INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS, *_TABLELESS_APPS]

MIDDLEWARE = [
    "apps.kernel.http.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.kernel.http.content_policy.ContentPolicyMiddleware",
    "apps.kernel.http.middleware.ResponseHeadersMiddleware",
    "apps.kernel.http.middleware.DatabaseOutMiddleware",
    "apps.kernel.tenancy.middleware.TenantMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.SessionEpochMiddleware",
    "apps.kernel.audit.middleware.RequestContextMiddleware",
    "apps.accounts.middleware.CircumstancesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.kernel.http.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "config.urls.tenant"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"

TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_TEMPLATE_SCHEMA = "t_template"
PLATFORM_TENANT_SLUG = "platform"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []
