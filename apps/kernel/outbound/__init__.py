"""Calls to addresses that people entered: to public hosts alone, over TLS, within bounds of time and size."""
