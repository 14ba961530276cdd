"""What browsers load and keep for ever: every file under the hash of its content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = r"""(?m)(?P<matched>^(?P<names>(?:import|export)\b[^"';]*)["'](?P<url>\.[^"']+)["'];)"""


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it comes without types
    """Our scripts also *import* each other by their hash.

    An import by its plain name may be answered from yesterday's cache: the page of a new release would run modules of the old one.
    Django's own switch for it reads the scripts of every package, and takes an example in a comment for an import.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", ((_IMPORT, '%(names)s"%(url)s";'),)))
