"""What stands in the way between us and a directory, in sentences for whoever can mend it."""

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_SENTENCES: MappingProxyType[str, str | Promise] = MappingProxyType(
    {
        "address_not_allowed": gettext_lazy(
            "The server is in a network that this installation does not reach directories in; its operator can allow it."
        ),
        "busy": gettext_lazy("The server says that it is busy."),
        "ca_certificates": gettext_lazy("The certificates of your authority cannot be read."),
        "certificate_expired": gettext_lazy("The server's certificate has expired, or is not valid yet."),
        "certificate_not_trusted": gettext_lazy(
            "The server's certificate is not signed by an authority that is trusted here. Paste your authority's certificate."
        ),
        "certificate_of_another": gettext_lazy(
            "The server's certificate is for another name. Enter the server by the name that stands in its certificate."
        ),
        "crowded": gettext_lazy("Too many are waiting for this directory just now: it answers slowly, or not at all."),
        "identifier": gettext_lazy(
            "An entry does not have exactly one value of the attribute that never changes, or the service account may not read it."
        ),
        "many_missing": gettext_lazy(
            "Suddenly many people are missing in the directory, so nobody was deactivated. Look at the filter, the search base and "
            "what the service account may read; whoever has really left, deactivate by hand."
        ),
        "no_answer": gettext_lazy("The server does not answer, or ended the conversation."),
        "no_base": gettext_lazy("The directory has no such search base, or the service account may not see it."),
        "no_such_name": gettext_lazy("The name of the server is not in the DNS."),
        "not_readable": gettext_lazy("What the server answers is not LDAP, or not whole."),
        "plain_not_allowed": gettext_lazy(
            "Without TLS only a server on this very machine may be asked, if its operator allows it."
        ),
        "referred": gettext_lazy("The server points to another one. Enter that one, or another search base."),
        "search_refused": gettext_lazy(
            "The server refuses to search. Look at the filter and at what the service account may do."
        ),
        "service_account": gettext_lazy(
            "The directory refuses the service account: its name or its password is wrong."
        ),
        "starttls_refused": gettext_lazy("The server does not begin TLS. Choose LDAPS, or let it take StartTLS."),
        "tls_failed": gettext_lazy("No TLS connection came about. Look at port and encryption."),
        "too_large": gettext_lazy("The server answers more than an answer may hold."),
        "too_slow": gettext_lazy("The server takes too long to answer."),
    }
)


def sentence_of_trouble(reason: str) -> str:
    """The sentence of one of the fixed words."""
    return str(_SENTENCES.get(reason, _("The directory cannot be asked.")))
