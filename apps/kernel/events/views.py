"""The stream for a browser whose socket does not come through: the same lines, asked for again and again."""

from typing import ClassVar

from django.http import HttpRequest, JsonResponse
from django.views import View

from apps.kernel.events.selectors import stream_page
from apps.kernel.http.problem_details import problem_for
from apps.kernel.http.protocol_errors import NotSignedInError


class Stream(View):
    """GET ?after=n: the lines after n that this person may see. Every signed-in person has a stream, so there is no capability."""

    # A word of the accounts room's (`capabilities.Door`), which this one does not know.
    door: ClassVar[str] = "signed in"

    def get(self, request: HttpRequest) -> JsonResponse:
        """`{"events": [...], "last_seq": n, "resync": false}`; without `after` only where the stream stands. 401 for nobody."""
        user = request.user
        if not user.is_authenticated:
            return problem_for(request, NotSignedInError())
        return JsonResponse(stream_page(user.pk, request.GET.get("after")))
