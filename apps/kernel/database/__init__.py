"""What stands between Django and PostgreSQL: how long a web process waits for a server that says nothing."""
