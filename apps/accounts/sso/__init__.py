"""Signing in through an identity provider: the protocols, each ending in the same Claims."""
