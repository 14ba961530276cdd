"""Lists of people as somebody wrote them in a table (pure: no Django)."""
