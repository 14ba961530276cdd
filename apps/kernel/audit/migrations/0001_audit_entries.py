"""Audit entries, and the trigger that keeps them as they are."""

from django.db import migrations, models

import apps.kernel.clock
import apps.kernel.identifiers

REFUSE = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'audit entries cannot be changed' USING ERRCODE = 'insufficient_privilege';
END
$body$;
CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
ALLOW = """
DROP TRIGGER audit_entry_no_truncate ON audit_auditentry;
DROP TRIGGER audit_entry_no_change ON audit_auditentry;
DROP FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.kernel.identifiers.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(default=apps.kernel.clock.now, editable=False, verbose_name="when")),
                ("action", models.CharField(editable=False, max_length=80, verbose_name="action")),
                ("actor_id", models.UUIDField(editable=False, null=True, verbose_name="actor id")),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200, verbose_name="actor")),
                ("target_id", models.UUIDField(editable=False, null=True, verbose_name="object id")),
                ("detail", models.JSONField(default=dict, editable=False, verbose_name="detail")),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64, verbose_name="request id")),
                ("ip", models.GenericIPAddressField(editable=False, null=True, verbose_name="address")),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["target_id", "-id"], name="audit_entry_target"),
                    models.Index(fields=["actor_id", "-id"], name="audit_entry_actor"),
                    models.Index(fields=["at"], name="audit_entry_at"),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
