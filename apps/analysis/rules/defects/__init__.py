"""Faults on exact words."""
