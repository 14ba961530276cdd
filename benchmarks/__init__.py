"""Benchmarks: each module's run() gives rows of (name, value, unit, ratio or None, yardstick), measured in one run."""
