"""How much a sign-in looks like somebody else's: signals, weights, score. Knows no framework, asks nobody."""
