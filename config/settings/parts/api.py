"""The REST API: problem+json errors, cursor pages, rate limits, OpenAPI 3.1."""

from config.env import integer

API_CALLS_PER_MINUTE = integer("PRISM_API_CALLS_PER_MINUTE", 600)
API_CALLS_PER_KEY_PER_MINUTE = integer("PRISM_API_CALLS_PER_KEY_PER_MINUTE", 300)
API_CALLS_PER_ORGANIZATION_PER_MINUTE = integer("PRISM_API_CALLS_PER_ORGANIZATION_PER_MINUTE", 30_000)
API_RUNS_PER_MINUTE = integer("PRISM_API_RUNS_PER_MINUTE", 60)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.api.authentication.ApiKeyAuthentication",
        "apps.accounts.api.authentication.AccessTokenAuthentication",
        "apps.accounts.api.authentication.CsrfSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.kernel.http.body_parsers.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "apps.accounts.api.schema.OperationSchema",
    "EXCEPTION_HANDLER": "apps.kernel.http.exception_handler.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    # A parameter like every other: ?format= is not known.
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "AI-Prism API",
    "DESCRIPTION": (
        "Upload write-ups, get them reviewed against a framework, decide on every item, take the commented Word file home. "
        "Sign in with an API key (`Authorization: Bearer aip_…`), or with the portal's session and its CSRF token. "
        "Every error is `application/problem+json` with a stable `code`."
    ),
    "VERSION": "2.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v2",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "RiskEnum": "apps.analysis.choices.RISKS",
        "ScorecardStatusEnum": "apps.analysis.choices.STATUSES",
        "ItemTypeEnum": "apps.analysis.choices.ITEM_TYPES",
        "ClassificationEnum": "apps.documents.choices.Classification.choices",
        "EngineEnum": "apps.analysis.choices.Engine.choices",
        "JobStateEnum": "apps.kernel.jobs.choices.JobState.choices",
        "StageStateEnum": "apps.kernel.jobs.choices.StageState.choices",
        "ItemStateEnum": "apps.feedback.choices.ItemState.choices",
        "ReviewStateEnum": "apps.feedback.choices.ReviewState.choices",
        "ProgramRoleEnum": "apps.accounts.choices.PROGRAM_ROLE_CHOICES",
        "RiskModeEnum": "apps.accounts.choices.RiskMode.choices",
        "RoleEnum": "apps.accounts.choices.ROLE_CHOICES",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
}
