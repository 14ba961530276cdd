"""Pages and API: the WSGI application."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from apps.kernel.database.outage import wait_at_most
from apps.kernel.http.uploads import WholeBodies
from apps.kernel.tenancy.start_up import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
application = WholeBodies(get_wsgi_application())
wait_at_most(settings.DATABASE_SILENCE_MAX_S)
refuse_unsafe_start()
