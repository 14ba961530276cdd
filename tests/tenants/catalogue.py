"""What PostgreSQL itself says about schemas: the judge of whether one is whole."""

from django.db import connection

_PARTS = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = %s""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(c.oid)
        FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = %s""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %s",
    "triggers": """
        SELECT event_object_table, trigger_name, action_statement
        FROM information_schema.triggers WHERE trigger_schema = %s""",
    "functions": "SELECT proname, prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = %s",
    "migrations": None,
}


def description(schema_name: str) -> dict[str, list[str]]:
    """All that a schema consists of, with its own name taken out, so that two schemas can be compared."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for part, query in _PARTS.items():
            if query is None:
                cursor.execute(f'SELECT app, name FROM "{schema_name}".django_migrations')  # noqa: S608
            else:
                cursor.execute(query, [schema_name])
            rows = (" | ".join(map(str, row)) for row in cursor.fetchall())
            found[part] = sorted(row.replace(f'"{schema_name}"', "@").replace(schema_name, "@") for row in rows)
    return found


def schema_names() -> set[str]:
    """Every schema that is not PostgreSQL's own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'")
        return {name for (name,) in cursor.fetchall()}
