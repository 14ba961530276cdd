"""The stream's polling address."""

from django.urls import path

from apps.kernel.events.views import Stream

app_name = "events"
urlpatterns = [path("", Stream.as_view(), name="stream")]
