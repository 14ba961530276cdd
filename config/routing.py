"""WebSocket addresses: one socket a browser tab."""

from channels.routing import URLRouter

from apps.kernel.events.routing import websocket_urlpatterns
from apps.kernel.events.socket_door import SocketDoor

websocket_application = SocketDoor(URLRouter(websocket_urlpatterns))
