"""Pages and API: the WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from apps.kernel.http.uploads import WholeBodies
from apps.kernel.tenancy.start_up import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
application = WholeBodies(get_wsgi_application())
refuse_unsafe_start()
