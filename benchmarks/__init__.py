"""Benchmarks: each module's run() gives rows of (name, value, unit, ratio or None, yardstick), measured in one run.

A ratio compares with the yardstick that the row names, measured a moment before on the same machine: it is what can be compared
between machines; the value alone cannot.
"""

import sys

Figure = tuple[str, float, str, float | None, str]

SHORT = "--short" in sys.argv
"""Fewer rounds: enough to see a cliff, too few to quote."""
