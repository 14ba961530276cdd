"""Cursor pages for lists of the API."""

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class CursorPages(CursorPagination):
    """`?cursor=&limit=`; newest first; ids are time-ordered, so the order is total and no row is skipped or doubled."""

    page_size = 20
    max_page_size = 100
    page_size_query_param = "limit"
    ordering = "-id"

    def get_paginated_response(self, data: object) -> Response:
        """The page with its neighbours in the body and in the Link header."""
        following, before = self.get_next_link(), self.get_previous_link()
        response = Response({"next": following, "previous": before, "results": data})
        links = [f'<{url}>; rel="{name}"' for name, url in (("next", following), ("prev", before)) if url]
        if links:
            response["Link"] = ", ".join(links)
        return response
