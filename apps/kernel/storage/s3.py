"""S3 as a place for files: the same errors and deadlines as a disk, so that the rest of the code knows one kind of failure."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from weakref import WeakSet

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

_CONNECT_TIMEOUT_S = 2
_READ_TIMEOUT_S = 20
_ATTEMPTS = 2


class S3Files(S3Storage):  # type: ignore[misc]
    """django-storages' S3 with an OSError for whatever the SDK raises. What is stored is encrypted before it comes here."""

    def __init__(self, **options: Any) -> None:
        config = Config(
            connect_timeout=_CONNECT_TIMEOUT_S,
            read_timeout=_READ_TIMEOUT_S,
            retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
        )
        super().__init__(**{"client_config": config, **options})
        _all_files.add(self)

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _as_os_errors():
            opened = super()._open(name, mode)
            # Fetch it now: a failure belongs to opening, not to some later read.
            opened.file  # noqa: B018 - a property that downloads
            return opened

    def _save(self, name: str, content: IO[bytes]) -> str:
        with _as_os_errors():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        """Remove the object; OSError when that cannot be done."""
        with _as_os_errors():
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether there is such an object; OSError when nobody can say."""
        with _as_os_errors():
            return bool(super().exists(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files below; OSError when they cannot be listed."""
        with _as_os_errors():
            folders, files = super().listdir(path)
            return list(folders), list(files)


_all_files: WeakSet[S3Files] = WeakSet()


def _leave_the_connections_to_the_parent() -> None:
    # A forked process would ask on the same sockets, and each would read the answers to the other's questions.
    for files in tuple(_all_files):
        files.__setstate__(files.__getstate__())


os.register_at_fork(after_in_child=_leave_the_connections_to_the_parent)


@contextmanager
def _as_os_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise OSError("the object store did not do it") from error
