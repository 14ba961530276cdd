"""The database refuses to change a decision. They go only with their document."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION decision_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'decisions cannot be changed' USING ERRCODE = 'insufficient_privilege';
END
$body$;
CREATE TRIGGER decision_no_change BEFORE UPDATE ON feedback_decision
    FOR EACH ROW EXECUTE FUNCTION decision_refuse_change();
"""
ALLOW = """
DROP TRIGGER decision_no_change ON feedback_decision;
DROP FUNCTION decision_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_reviews_items_decisions")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
