"""The organization's own look: read, refused when it cannot be read, its own alone, and taken back."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from apps.accounts.colours import GROUNDS, LEAST_CONTRAST, Scheme, contrast, lowest_contrast, palette
from apps.accounts.logo import MOST_BYTES, UnusableLogoError, small_png
from apps.accounts.models import Branding
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions

PAGE = "/organization/look/"
API = "/api/v2/branding/"
SAID = {
    "display_name": "Alpha <Trust> & Safety",
    "sign_in_text": "Only for staff.\n<b>Call 4711</b>",
    "light_accent": "#1C6B3C",
    "dark_accent": "#86dca0",
    "sender_name": "Alpha Safety",
    "reply_to": "help@alpha.example",
}
JSON = {"content_type": "application/json"}


def picture(kind: str, size: tuple[int, int] = (900, 300), **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, kind, **options)
    return written.getvalue()


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


@pytest.fixture
def guest(anonymous_client: Any, tenant_a: Any) -> Any:
    return anonymous_client(tenant_a)


def upload(client: Any, content: bytes, name: str = "logo.png") -> Any:
    return client.post(f"{PAGE}logo/", {"logo": SimpleUploadedFile(name, content)})


def linked(page: str, what: str) -> str:
    found = re.search(rf'(?:href|src)="(/look/{re.escape(what)}\?v=[0-9a-f]+)"', page)
    assert found, page[:3000]
    return found.group(1)


def test_name_text_and_colours_are_on_the_sign_in_page_and_inside(admin: Any, guest: Any) -> None:
    assert admin.post(PAGE, SAID).status_code == 302
    for page in (guest.get("/sign-in/").content.decode(), admin.get("/").content.decode()):
        assert "Alpha &lt;Trust&gt; &amp; Safety" in page
        style = guest.get(linked(page, "style.css"))
        assert "--brand: #1c6b3c" in style.content.decode()
        assert "[data-bs-theme=dark] { --brand: #86dca0" in style.content.decode()
    page = guest.get("/sign-in/").content.decode()
    assert "Only for staff.<br>&lt;b&gt;Call 4711&lt;/b&gt;" in page
    assert "style.css" in admin.get("/admin/").content.decode()
    assert actions() == ["look.changed"]


def test_what_a_browser_keeps_is_named_by_what_it_is(admin: Any, guest: Any) -> None:
    admin.post(PAGE, SAID)
    first = linked(guest.get("/sign-in/").content.decode(), "style.css")
    answer = guest.get(first)
    assert "immutable" in answer["Cache-Control"]
    assert guest.get("/look/style.css")["Cache-Control"] == "no-cache"
    assert guest.get("/look/style.css", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    admin.post(PAGE, SAID | {"light_accent": "#22429f"})
    assert linked(guest.get("/sign-in/").content.decode(), "style.css") != first
    assert guest.get("/look/style.css", headers={"If-None-Match": answer["ETag"]}).status_code == 200


def test_without_a_look_the_product_has_its_own(admin: Any, guest: Any, tenant_a: Any) -> None:
    page = guest.get("/sign-in/").content.decode()
    assert "/look/" not in page
    assert f"<h1>{tenant_a.name}</h1>" in page
    assert guest.get("/look/style.css").content == b""
    assert guest.get("/look/logo.png").status_code == 404


def test_the_policy_against_foreign_styles_stays_as_strict(admin: Any, guest: Any) -> None:
    before = guest.get("/sign-in/")["Content-Security-Policy"]
    admin.post(PAGE, SAID)
    upload(admin, picture("PNG"))
    page = guest.get("/sign-in/")
    assert page["Content-Security-Policy"] == before
    assert "unsafe-inline" not in before
    assert not re.search(r"<style|\sstyle=", page.content.decode())


@pytest.mark.parametrize(
    ("field", "colour", "sentence"),
    [
        ("light_accent", "#8fb0ff", "#8fb0ff is hard to read on light ground"),
        ("dark_accent", "#2d55c9", "#2d55c9 is hard to read on dark ground"),
        ("light_accent", "#ffffff", "its contrast is 1.00"),
        ("light_accent", "blue", "six digits"),
        ("dark_accent", "#12345", "six digits"),
        ("light_accent", "}x{", "six digits"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused_with_the_reason(
    admin: Any, field: str, colour: str, sentence: str
) -> None:
    answer = admin.post(PAGE, SAID | {field: colour})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    refused = admin.patch(API, {field: colour}, **JSON)
    assert (refused.status_code, refused.json()["code"]) == (400, "colour_refused")
    assert not Branding.objects.exists()
    assert admin.post(PAGE, SAID).status_code == 302


@pytest.mark.parametrize(
    "change",
    [{"display_name": "x" * 101}, {"sign_in_text": "x" * 501}, {"sender_name": "a\u202eb"}, {"reply_to": "nobody"}],
)
def test_words_that_do_not_fit_are_refused(admin: Any, change: dict[str, str]) -> None:
    assert admin.post(PAGE, SAID | change).status_code == 400
    assert admin.patch(API, change, **JSON).status_code == 400
    assert not Branding.objects.exists()


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_grounds_are_those_of_the_pages(scheme: Scheme) -> None:
    tokens = (Path(settings.ROOT) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    block = tokens[tokens.index(f'[data-bs-theme="{scheme.value}"]') :]
    values = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block[: block.index("}")]))
    ground = GROUNDS[scheme]
    assert ground.behind == (values["page"], values["surface"], values["surface-2"])
    assert (ground.usual, ground.upon) == (values["brand"], values["brand-ink"])
    assert lowest_contrast(ground.usual, scheme) >= LEAST_CONTRAST


def test_contrast_is_as_the_standard_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


def test_what_follows_from_a_colour_that_is_taken_can_be_read_as_well() -> None:
    taken = 0
    for scheme in Scheme:
        for red in range(0, 256, 51):
            for green in range(0, 256, 51):
                for blue in range(0, 256, 51):
                    accent = f"#{red:02x}{green:02x}{blue:02x}"
                    if lowest_contrast(accent, scheme) < LEAST_CONTRAST:
                        continue
                    taken += 1
                    drawn = palette(accent, scheme)
                    assert contrast(drawn.upon, drawn.strong) >= LEAST_CONTRAST
                    assert contrast(drawn.accent, drawn.soft) >= LEAST_CONTRAST
    assert taken > 40


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("WEBP", "a.webp")])
def test_a_logo_is_written_anew_small_and_shown(admin: Any, guest: Any, kind: str, name: str) -> None:
    assert upload(admin, picture(kind), name).status_code == 302
    answer = guest.get(linked(guest.get("/sign-in/").content.decode(), "logo.png"))
    assert answer["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert (shown.format, shown.size) == ("PNG", (360, 120))
    assert linked(admin.get("/").content.decode(), "logo.png")
    assert admin.post(f"{PAGE}logo/", {"remove": "yes"}).status_code == 302
    assert guest.get("/look/logo.png").status_code == 404


def test_nothing_of_the_file_but_its_pixels_survives() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "secret-words")
    content = picture("PNG", pnginfo=note) + b"<script>secret-words</script>"
    assert b"secret-words" in content
    assert b"secret-words" not in small_png(content)
    exif = Image.Exif()
    exif[0x010E] = "secret-words"
    assert b"secret-words" not in small_png(picture("JPEG", exif=exif))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "no PNG, JPEG or WebP"),
        (picture("GIF"), "no PNG, JPEG or WebP"),
        (picture("BMP"), "no PNG, JPEG or WebP"),
        (picture("PNG")[:60], "no PNG, JPEG or WebP"),
        (b"", "no PNG, JPEG or WebP"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "no PNG, JPEG or WebP"),
        (picture("PNG", (4001, 4000)), "16 million pixels"),
        (b"x" * (MOST_BYTES + 1), "larger than 1 MB"),
    ],
)
def test_what_is_no_good_picture_is_refused(admin: Any, guest: Any, content: bytes, sentence: str) -> None:
    answer = upload(admin, content)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert sentence in page or ("Choose a picture first" in page and not content)
    assert guest.get("/look/logo.png").status_code == 404
    with pytest.raises(UnusableLogoError):
        small_png(content)
    assert upload(admin, picture("PNG")).status_code == 302


def test_mail_comes_in_the_organizations_name_from_the_products_address(admin: Any) -> None:
    admin.post(PAGE, SAID | {"sender_name": 'Alpha, "Safety"'})
    admin.post("/people/", {"email": "new@example.com", "role": "viewer", "name": ""})
    (message,) = mail.outbox
    assert message.subject == "Your invitation to Alpha <Trust> & Safety"
    assert message.reply_to == ["help@alpha.example"]
    sent = message.message()
    assert sent["From"].endswith("<no-reply@localhost>")
    assert "Alpha" in sent["From"]
    assert "Alpha &lt;Trust&gt; &amp; Safety" in message.alternatives[0][0]
    admin.post(f"{PAGE}reset/")
    admin.post("/people/", {"email": "other@example.com", "role": "viewer", "name": ""})
    assert mail.outbox[-1].from_email == settings.DEFAULT_FROM_EMAIL
    assert mail.outbox[-1].reply_to == []


def test_the_look_goes_back_to_the_beginning(admin: Any, guest: Any) -> None:
    admin.post(PAGE, SAID)
    upload(admin, picture("PNG"))
    assert admin.post(f"{PAGE}reset/").status_code == 302
    assert "/look/" not in guest.get("/sign-in/").content.decode()
    assert actions() == ["look.changed", "look.changed", "look.reset"]


def test_a_look_is_its_organizations_alone(
    admin: Any, anonymous_client: Any, tenant_b: Any, client_for: Any, cast_b: Any
) -> None:
    admin.post(PAGE, SAID)
    upload(admin, picture("PNG"))
    abroad = anonymous_client(tenant_b)
    assert "/look/" not in abroad.get("/sign-in/").content.decode()
    assert abroad.get("/look/logo.png").status_code == 404
    assert abroad.get("/look/style.css").content == b""
    client_for(cast_b.org_admin, tenant_b).post(PAGE, {"light_accent": "#6b21a8"})
    assert "#6b21a8" in abroad.get("/look/style.css").content.decode()
    assert "#6b21a8" not in admin.get("/look/style.css").content.decode()
    with inside(tenant_b):
        assert Branding.objects.get().display_name == ""


def test_a_program_reads_and_changes_it(admin: Any) -> None:
    assert admin.patch(API, {"light_accent": "#1c6b3c"}, **JSON).json()["light_accent"] == "#1c6b3c"
    body = admin.patch(API, {"display_name": "Alpha"}, **JSON).json()
    assert (body["light_accent"], body["display_name"]) == ("#1c6b3c", "Alpha")
    made = admin.post(f"{API}logo/", {"logo": SimpleUploadedFile("a.png", picture("PNG"))})
    assert made.json()["logo_url"].startswith("/look/logo.png?v=")
    refused = admin.post(f"{API}logo/", {"logo": SimpleUploadedFile("a.svg", b"<svg/>")})
    assert (refused.status_code, refused.json()["code"]) == (400, "logo_refused")
    assert admin.delete(f"{API}logo/").status_code == 204
    assert admin.delete(API).status_code == 204
    assert admin.get(API).json() == dict.fromkeys([*SAID, "logo_url"], "")


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_only_an_administrator_changes_the_look(
    client_for: Any, admin: Any, cast_a: Any, tenant_a: Any, role: str
) -> None:
    client = client_for(getattr(cast_a, role), tenant_a)
    answers = [client.get(PAGE), client.post(PAGE, SAID), upload(client, picture("PNG")), client.post(f"{PAGE}reset/")]
    answers += [client.get(API), client.patch(API, {"display_name": "X"}, **JSON), client.delete(API)]
    assert {answer.status_code for answer in answers} == {403}
    assert not Branding.objects.exists()
    assert admin.post(PAGE, SAID).status_code == 302


def test_pages_are_drawn_while_the_cache_is_gone(admin: Any, guest: Any, settings: Any) -> None:
    admin.post(PAGE, SAID)
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/valkey.sock"}}
    assert "Alpha &lt;Trust&gt;" in guest.get("/sign-in/").content.decode()
    assert admin.post(PAGE, SAID | {"display_name": "Other"}).status_code == 302
    assert "<h1>Other</h1>" in guest.get("/sign-in/").content.decode()
