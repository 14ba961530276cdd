"""SCIM 2.0 (RFC 7643, 7644): the way in for the directory of an identity provider. Only this package knows its messages."""
