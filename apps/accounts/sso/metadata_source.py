"""A provider's metadata from the address where it keeps them."""

from apps.accounts.errors import ProviderMetadataError
from apps.accounts.sso.saml_metadata import LONGEST_CHARS, ProviderFacts, read_provider_metadata
from apps.kernel.outbound import client

_ACCEPT = "application/samlmetadata+xml, application/xml;q=0.9, text/xml;q=0.9"
_BOUNDS = client.Bounds(total_s=5.0, size_bytes=LONGEST_CHARS)


def fetch_provider_metadata(url: str) -> ProviderFacts:
    """Asked once, within five seconds and 256 KiB. OutboundError when nobody answers, ProviderMetadataError for what cannot be used."""
    reply = client.get(url, headers={"Accept": _ACCEPT}, bounds=_BOUNDS)
    if reply.status != 200:
        raise ProviderMetadataError(problem=f"http_status_{reply.status}")
    try:
        text = reply.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProviderMetadataError(problem="not_utf8") from error
    return read_provider_metadata(text)
