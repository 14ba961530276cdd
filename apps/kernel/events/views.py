"""The stream for a browser whose socket does not come through: the same lines, asked for again and again."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext
from django.views import View

from apps.kernel.errors import InvalidInputError
from apps.kernel.events.selectors import MOST_ROWS, events_after, latest_seq, pruned_through
from apps.kernel.http.problem_details import problem_response

_MOST_DIGITS = 18


class Stream(View):
    """GET ?after=n: the lines after n that this person may see. Every signed-in person has a stream, so there is no capability."""

    def get(self, request: HttpRequest) -> JsonResponse:
        """`{"events": [...], "last_seq": n, "resync": false}`; without `after` only where the stream stands. 401 for nobody."""
        user = request.user
        if not user.is_authenticated:
            return problem_response(request, status=401, code="not_authenticated", detail=gettext("Please sign in."))
        after = _number(request.GET.get("after"))
        newest = latest_seq()
        if after is None:
            return JsonResponse({"events": [], "last_seq": newest, "resync": False})
        if after > newest or after < pruned_through():
            return JsonResponse({"events": [], "last_seq": newest, "resync": True})
        events = events_after(user.pk, after)
        last = events[-1]["seq"] if events else after
        # `newest` was read before the lines: whatever was committed up to it has been looked at, unless the page is full.
        return JsonResponse(
            {"events": events, "last_seq": last if len(events) == MOST_ROWS else max(newest, last), "resync": False}
        )


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise InvalidInputError
    return int(text)
