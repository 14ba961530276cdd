"""How a finding is said: what is wrong, what to do, how it could read, and what to ask."""
