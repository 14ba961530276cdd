"""Jobs and their stages."""

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.clock
import apps.kernel.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(default=apps.kernel.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("pipeline", models.CharField(max_length=40, verbose_name="pipeline")),
                ("subject_id", models.UUIDField(verbose_name="subject")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("running", "running"),
                            ("completed", "completed"),
                            ("failed", "failed"),
                            ("quarantined", "stopped for inspection"),
                            ("cancelled", "cancelled"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("requested_by", models.UUIDField(null=True, verbose_name="requested by")),
                ("cancel_requested_at", models.DateTimeField(null=True, verbose_name="cancel requested")),
                ("error_code", models.CharField(blank=True, max_length=80, verbose_name="error")),
                ("error_fields", models.JSONField(default=dict, verbose_name="error fields")),
                ("started_at", models.DateTimeField(null=True, verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["subject_id", "-id"], name="job_subject")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("queued", "running"))),
                        fields=("pipeline", "subject_id"),
                        name="job_one_active_for_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "running", "completed", "failed", "quarantined", "cancelled"])
                        ),
                        name="job_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StageRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordinal", models.PositiveSmallIntegerField(verbose_name="number")),
                ("name", models.CharField(max_length=80, verbose_name="stage")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("queued", "next"),
                            ("running", "running"),
                            ("completed", "completed"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("crashes", models.PositiveSmallIntegerField(default=0, verbose_name="crashes")),
                ("fence", models.PositiveBigIntegerField(default=0, verbose_name="fence")),
                ("lease_until", models.DateTimeField(null=True, verbose_name="leased until")),
                ("not_before", models.DateTimeField(default=apps.kernel.clock.now, verbose_name="not before")),
                ("woken_at", models.DateTimeField(null=True, verbose_name="worker woken")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="done")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="of")),
                ("furthest", models.PositiveIntegerField(default=0, verbose_name="furthest")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("error_code", models.CharField(blank=True, max_length=80, verbose_name="error")),
                ("started_at", models.DateTimeField(null=True, verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stages", to="jobs.job"
                    ),
                ),
            ],
            options={
                "verbose_name": "stage",
                "verbose_name_plural": "stages",
                "ordering": ["job_id", "ordinal"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")), fields=["not_before"], name="stage_run_queued"
                    ),
                    models.Index(
                        condition=models.Q(("state", "running")), fields=["lease_until"], name="stage_run_leased"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("job", "ordinal"), name="stage_run_once_a_job"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "queued", "running", "completed", "failed", "cancelled"])
                        ),
                        name="stage_run_state_is_known",
                    ),
                ],
            },
        ),
    ]
