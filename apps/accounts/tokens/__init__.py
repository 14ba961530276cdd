"""Signed tokens with which programs act for a person: the kit stays behind this room."""
