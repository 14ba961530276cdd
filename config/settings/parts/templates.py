"""Server-rendered pages."""

from config.settings.parts.database import ROOT

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["apps.kernel.templatetags.icons"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.kernel.navigation.page_frame",
                "apps.accounts.page_look.organization_look",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
