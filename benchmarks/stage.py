"""The stage of benchmarks that need the product: real servers, a database of its own with two organizations, Django set up."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def stage() -> Iterator[str]:
    """The name of the database; Django works on it meanwhile. The last benchmark that leaves stops the servers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django
    from django.conf import settings

    from tests import servers

    folder = Path(settings.TEST_SERVERS)
    name: str = settings.DATABASES["default"]["NAME"]
    with servers.in_use(folder):
        with servers.one_at_a_time(folder):
            data = servers.ensure_postgres(folder)
            servers.ensure_valkey(folder)
            template = servers.ensure_template(data, dict(os.environ))
            servers.create_database(data, name, template)
        django.setup()
        try:
            yield name
        finally:
            from django.db import connection

            connection.close()
            connection.close_pool()
            with servers.one_at_a_time(folder):
                servers.drop_database(data, name)


@contextmanager
def servers_kept() -> Iterator[None]:
    """Benchmarks within find the servers of the one before; they are stopped at the end, also when a benchmark was killed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    from django.conf import settings

    from tests import servers

    with servers.in_use(Path(settings.TEST_SERVERS)):
        yield


def organization() -> Any:
    """Alpha, one of the two organizations of the stage."""
    from apps.kernel.tenancy.context import tenant_by_slug

    tenant = tenant_by_slug("alpha")
    if tenant is None:
        message = "the test database has no organization alpha"
        raise LookupError(message)
    return tenant


def reviewed_document(content: bytes, file_name: str = "write-up.docx") -> Any:
    """A document of the entered organization's analyst, reviewed by the built-in reviewer."""
    import io

    from django.contrib.auth import get_user_model

    from apps.documents.services.upload import upload_document
    from apps.kernel.jobs.services import run_inline, start_job

    author = get_user_model().objects.get(role="analyst")
    document = upload_document(author, file_name=file_name, content=io.BytesIO(content), size_bytes=len(content))
    run_inline(start_job("review", subject_id=document.id, requested_by=author.pk).id)
    return document
