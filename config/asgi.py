"""One port for both: pages on WSGI threads, sockets on the event loop.

Request code on the event loop measured five times slower and is where tenants were mixed, so it never runs there.
"""

import os
from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp
from channels.routing import ProtocolTypeRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

from config.env import integer
from config.wsgi import application as pages

from config.routing import websocket_application  # isort: skip  (needs the app registry that wsgi has set up)

application = ProtocolTypeRouter(
    {
        "http": WSGIMiddleware(cast(WSGIApp, pages), workers=integer("PRISM_WEB_THREADS", 10)),
        "websocket": websocket_application,
    }
)
