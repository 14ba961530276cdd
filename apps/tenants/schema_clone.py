"""A new tenant's schema: the template's once more, down to the names of its constraints."""

from django.conf import settings
from django.db import connection
from django_tenants.clone import CloneSchema
from django_tenants.utils import schema_exists

# CREATE TABLE … LIKE, on which cloning rests, gives unique constraints names of its own. A later migration that removes or changes
# one by its name would then work in the template and fail in every tenant.
_MISNAMED = """
    SELECT template_table.relname, cloned.conname, original.conname
    FROM pg_constraint original
    JOIN pg_class template_table ON template_table.oid = original.conrelid
    JOIN pg_class cloned_table
      ON cloned_table.relname = template_table.relname AND cloned_table.relnamespace = %(clone)s::regnamespace
    JOIN pg_constraint cloned
      ON cloned.conrelid = cloned_table.oid
     AND cloned.contype = original.contype
     AND pg_get_constraintdef(cloned.oid) = pg_get_constraintdef(original.oid)
    WHERE original.connamespace = %(template)s::regnamespace
      AND original.contype IN ('c', 'p', 'u', 'x')
      AND NOT EXISTS (
          SELECT 1 FROM pg_constraint same WHERE same.conrelid = cloned_table.oid AND same.conname = original.conname)
      AND NOT EXISTS (
          SELECT 1 FROM pg_constraint same WHERE same.conrelid = template_table.oid AND same.conname = cloned.conname)
"""


def template_exists() -> bool:
    """Whether there is something to clone."""
    return bool(schema_exists(settings.TENANT_TEMPLATE_SCHEMA))


def clone_template(schema_name: str) -> None:
    """Make the schema with all that the template has, rows included; call it inside a transaction."""
    CloneSchema().clone_schema(settings.TENANT_TEMPLATE_SCHEMA, schema_name, "DATA", set_connection=False)
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(_MISNAMED, {"clone": schema_name, "template": settings.TENANT_TEMPLATE_SCHEMA})
        for table, given, wanted in cursor.fetchall():
            cursor.execute(
                f"ALTER TABLE {quoted(schema_name)}.{quoted(table)} RENAME CONSTRAINT {quoted(given)} TO {quoted(wanted)}"
            )
