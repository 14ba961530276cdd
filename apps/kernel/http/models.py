"""Replies kept for requests that may be sent twice."""

from django.db import models

from apps.kernel.clock import now


class IdempotentReply(models.Model):
    """The one answer to all requests of a person with this key; `status` is null while the first still runs.

    `body` is sealed: an answer can hold what is shown once.
    """

    person_id = models.UUIDField()
    key = models.CharField(max_length=200)
    route = models.CharField(max_length=300)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key
