"""Calls of tasks that a lost message must not lose."""

from django.db import migrations, models

import apps.kernel.clock
import apps.kernel.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_jobs_and_stages"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("task", models.CharField(max_length=120, verbose_name="task")),
                ("arguments", models.JSONField(default=list, verbose_name="arguments")),
                (
                    "called_at",
                    models.DateTimeField(default=apps.kernel.clock.now, editable=False, verbose_name="called"),
                ),
                ("due_at", models.DateTimeField(verbose_name="sent again from")),
                ("taken_until", models.DateTimeField(null=True, verbose_name="taken until")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("sent", models.PositiveSmallIntegerField(default=1, verbose_name="times sent")),
            ],
            options={
                "verbose_name": "call of a task",
                "verbose_name_plural": "calls of tasks",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["due_at"], name="kept_call_due")],
            },
        ),
    ]
