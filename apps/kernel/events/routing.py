"""The stream's WebSocket address."""

from django.urls import path

from apps.kernel.events.consumers import StreamConsumer

websocket_urlpatterns = [path("ws/", StreamConsumer.as_asgi())]  # type: ignore[arg-type]
