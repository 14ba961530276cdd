"""The OpenAPI 3.1 description of the whole API, made from its endpoints."""

from functools import lru_cache

from django.utils import translation
from django.utils.encoding import force_bytes
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

FORMS = {"yaml": OpenApiYamlRenderer, "json": OpenApiJsonRenderer}


@lru_cache(maxsize=2)
def api_description(form: str) -> bytes:
    """The description as "yaml" or "json". It is the same for everyone, so each process makes it once."""
    with translation.override("en"):
        described = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return force_bytes(FORMS[form]().render(described, renderer_context={}))
