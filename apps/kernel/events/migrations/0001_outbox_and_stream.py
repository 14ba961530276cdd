"""The outbox, the stream and its mark."""

from django.db import migrations, models

import apps.kernel.clock


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="OutboxEvent",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=apps.kernel.clock.now, editable=False, verbose_name="when")),
                ("name", models.CharField(editable=False, max_length=80, verbose_name="name")),
                ("payload", models.JSONField(default=dict, editable=False, verbose_name="content")),
                ("delivered_to", models.JSONField(default=list, editable=False, verbose_name="delivered to")),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="attempts")),
                ("not_before", models.DateTimeField(editable=False, verbose_name="not before")),
                ("relayed_at", models.DateTimeField(editable=False, null=True, verbose_name="relayed")),
                ("error_code", models.CharField(blank=True, editable=False, max_length=80, verbose_name="error")),
            ],
            options={
                "verbose_name": "outgoing event",
                "verbose_name_plural": "outgoing events",
                "ordering": ["seq"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("relayed_at__isnull", True)), fields=["not_before"], name="outbox_waiting"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StreamEvent",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("type", models.CharField(editable=False, max_length=80, verbose_name="type")),
                ("at", models.DateTimeField(default=apps.kernel.clock.now, editable=False, verbose_name="when")),
                ("data", models.JSONField(default=dict, editable=False, verbose_name="data")),
                ("recipient_id", models.UUIDField(editable=False, null=True, verbose_name="for one person alone")),
            ],
            options={
                "verbose_name": "stream event",
                "verbose_name_plural": "stream events",
                "ordering": ["seq"],
                "indexes": [models.Index(fields=["at"], name="stream_event_at")],
            },
        ),
        migrations.CreateModel(
            name="StreamMark",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("pruned_through", models.BigIntegerField(default=0, verbose_name="pruned through")),
            ],
            options={
                "verbose_name": "stream mark",
                "verbose_name_plural": "stream marks",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="stream_mark_is_one_row")],
            },
        ),
    ]
