"""The organization's own look: its page, and what browsers load of it."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability, OpenedBy
from apps.accounts.errors import LogoRefusedError
from apps.accounts.forms import LookForm
from apps.accounts.logo import MOST_BYTES
from apps.accounts.look import logo_here, look_here, saved_look
from apps.accounts.services.change_look import LookChange, change_look, remove_logo, reset_look, set_logo
from apps.accounts.views.gate import CapabilityView, PublicView, person_of
from apps.accounts.views.refusals import show_refusal
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import sentence_of, status_of
from apps.kernel.http.uploads import upload_fault

_FOR_EVER = "public, max-age=31536000, immutable"


class OrganizationLook(CapabilityView):
    """Names, texts, colours, logo, with a preview."""

    capability = Capability.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return _page(request, LookForm(initial=_shown()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was said."""
        form, status = LookForm(request.POST), 400
        if form.is_valid():
            try:
                change_look(person_of(request), change=LookChange(**form.cleaned_data))
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                messages.success(request, _("The look is saved."))
                return redirect("accounts:look")
        return _page(request, form, status=status)


class Logo(CapabilityView):
    """Another picture, or none."""

    capability = Capability.MANAGE_ORGANIZATION

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the picture that was chosen; without one the logo goes."""
        user = person_of(request)
        try:
            if "remove" in request.POST:
                remove_logo(user)
            else:
                set_logo(user, content=_picture(request))
        except DomainError as error:
            return _page(request, LookForm(initial=_shown()), logo_refusal=error)
        messages.success(request, _("The look is saved."))
        return redirect("accounts:look")


class Reset(CapabilityView):
    """The product's own look again."""

    capability = Capability.MANAGE_ORGANIZATION

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it and show the page."""
        reset_look(person_of(request))
        messages.success(request, _("The look is as it was in the beginning."))
        return redirect("accounts:look")


class StyleSheet(PublicView):
    """The organization's colours, for every page of its host, the sign-in page too."""

    opened_by = OpenedBy.NOTHING

    def get(self, request: HttpRequest) -> HttpResponse:
        """The values; for ever at the address that names them."""
        look = look_here()
        return _kept_answer(request, look.style_sheet().encode(), tag=look.style_tag(), kind="text/css; charset=utf-8")


class LogoFile(PublicView):
    """The organization's logo."""

    opened_by = OpenedBy.NOTHING

    def get(self, request: HttpRequest) -> HttpResponse:
        """The picture; NotFoundError without one."""
        picture, tag = logo_here()
        return _kept_answer(request, picture, tag=tag, kind="image/png")


def _kept_answer(request: HttpRequest, content: bytes, *, tag: str, kind: str) -> HttpResponse:
    etag = f'"{tag}"'
    is_known = etag in {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    response = HttpResponse(status=304) if is_known else HttpResponse(content, content_type=kind)
    response["ETag"] = etag
    response["Cache-Control"] = _FOR_EVER if request.GET.get("v") == tag else "no-cache"
    return response


def _picture(request: HttpRequest) -> bytes:
    try:
        file = request.FILES.get("logo")
    except UnreadablePostError as error:
        raise LogoRefusedError(problem=_("The file did not arrive as a whole.")) from error
    if upload_fault(request) is not None:
        raise LogoRefusedError(problem=_("The file is larger than 1 MB."))
    if file is None:
        raise LogoRefusedError(problem=_("Choose a picture first."))
    # One byte more than is allowed says that there are too many.
    content: bytes = file.read(MOST_BYTES + 1)
    return content


def _shown() -> dict[str, str]:
    saved = saved_look()
    return {name: getattr(saved, name) for name in asdict(LookChange())}


def _page(
    request: HttpRequest, form: LookForm, *, status: int = 200, logo_refusal: DomainError | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "saved": saved_look(),
        "logo_refusal": sentence_of(logo_refusal) if logo_refusal else "",
    }
    status = status_of(logo_refusal) if logo_refusal else status
    return render(request, "accounts/look.html", context, status=status)
