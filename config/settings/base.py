"""Settings shared by all profiles; each concern has its part, read in this order."""

from config.settings.parts.api import *  # noqa: F403
from config.settings.parts.apps import *  # noqa: F403
from config.settings.parts.audit import *  # noqa: F403
from config.settings.parts.authentication import *  # noqa: F403
from config.settings.parts.aws import *  # noqa: F403
from config.settings.parts.background import *  # noqa: F403
from config.settings.parts.database import *  # noqa: F403
from config.settings.parts.internationalisation import *  # noqa: F403
from config.settings.parts.language_models import *  # noqa: F403
from config.settings.parts.logging import *  # noqa: F403
from config.settings.parts.mail import *  # noqa: F403
from config.settings.parts.pipeline import *  # noqa: F403
from config.settings.parts.realtime import *  # noqa: F403
from config.settings.parts.security import *  # noqa: F403
from config.settings.parts.storage import *  # noqa: F403
from config.settings.parts.templates import *  # noqa: F403
