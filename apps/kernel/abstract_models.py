"""What most rows have: a time-ordered id, and when they were made and changed."""

from django.db import models

from apps.kernel.clock import now
from apps.kernel.identifiers import new_id


class Identified(models.Model):
    """A row with a time-ordered UUID as its key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class Timestamped(models.Model):
    """A row that knows when it was made and last saved."""

    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
