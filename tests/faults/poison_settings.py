"""The test settings with a deadly stage in the review."""

from config.settings.test import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.poison.PoisonConfig"]  # noqa: F405
PIPELINES = {**PIPELINES, "review": ["documents.extract", "test.poison", *REVIEW_STAGES[1:]]}  # noqa: F405
