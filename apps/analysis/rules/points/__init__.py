"""The points as declarative rules: what makes a point apply, and what a write-up must then show."""
