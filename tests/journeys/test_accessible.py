"""Every page in both themes, on a phone and on a desk: no serious finding of axe, nothing that spills, nothing too small to hit."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.pages import Person

Visit = Callable[..., Person]
SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1440, "height": 900}}
LOOKS = [(size, scheme) for size in SIZES for scheme in ("light", "dark")]
SPILLS = """() => {
  const wide = document.documentElement.clientWidth;
  const scrolls = (one) => one && (["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  return [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility() && !one.closest(".visually-hidden, .skip-link, .icon-set, dialog:not([open])") && one.getBoundingClientRect().right > wide + 1 && getComputedStyle(one).position !== "fixed" && !scrolls(one.parentElement))
    .map((one) => one.outerHTML.slice(0, 100));
}"""
SMALL = """() => [...document.querySelectorAll("button, a.btn, select, summary, input:not([type=hidden]), .cell, .worst__point")]
  .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden, .skip-link") && !one.matches(".visually-hidden, p a"))
  .map((one) => [one.outerHTML.slice(0, 100), (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.width < 23.5 || box.height < 19.5))
  .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""


@pytest.fixture(scope="package")
def document_url(browser: Any, installation: Any) -> str:
    """One reviewed document with a decision, for every look at it."""
    context = browser.new_context(base_url=installation.address(), viewport=SIZES["desk"])
    person = Person(context.new_page(), installation)
    person.sign_in("org_admin@example.com", "correct horse battery staple")
    url = person.reviewed("looked at.docx")
    person.cards("open").first.get_by_role("button", name="Accept").click()
    expect(person.cards("accepted")).to_have_count(1)
    context.close()
    return url


@pytest.fixture(scope="package")
def connection_urls(browser: Any, installation: Any) -> dict[str, str]:
    """A connection to an identity provider by each protocol, not described yet."""
    context = browser.new_context(base_url=installation.address(), viewport=SIZES["desk"])
    person = Person(context.new_page(), installation)
    person.sign_in("org_admin@example.com", "correct horse battery staple")
    urls: dict[str, str] = {}
    for kind in ("saml", "oidc"):
        person.page.goto("/organization/single-sign-on/")
        person.page.get_by_label("Name on the sign-in page").fill("Looked at")
        person.page.get_by_label("Protocol").select_option(kind)
        person.page.get_by_role("button", name="Go on").click()
        expect(person.page.get_by_role("heading", name="1. Copy these to your provider")).to_be_visible()
        urls[f"a connection by {kind}"] = person.page.url
    context.close()
    return urls


def check(page: Any, name: str, *, part: str = "html") -> list[str]:
    """What is wrong with the page, or a part of it, as it stands."""
    found = Axe().run(
        page,
        context=part,
        options={
            "preload": False,
            "resultTypes": ["violations"],
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        },
    )
    wrong = [
        f"{name}: {one['id']} {node['target']} {node['failureSummary'][:300]}"
        for one in found.response["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:5]
        if one["id"] != "target-size" or is_small_in_full_view(page, node["target"][0])
    ]
    wrong += [f"{name} spills: {html}" for html in page.evaluate(SPILLS)[:5]]
    return wrong + [f"{name} too small: {html}" for html in page.evaluate(SMALL)[:5]]


def is_small_in_full_view(page: Any, selector: str) -> bool:
    """axe also finds what a sticky bar half covers at this moment; scrolled into full view, only what is small is left."""
    page.locator(selector).first.evaluate("one => one.scrollIntoView({block: 'center'})")
    rule = {"type": "rule", "values": ["target-size"]}
    again = Axe().run(page, context=selector, options={"preload": False, "runOnly": rule})
    return bool(again.response["violations"])


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_page_is_fit_for_everyone(
    visit: Visit, document_url: str, connection_urls: dict[str, str], size: str, scheme: str
) -> None:
    person = visit("org_admin", viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce")
    page = person.page
    wrong: list[str] = []
    about = document_url + "about/"
    for name, url in {
        "library": "/",
        "nothing found": "/?q=no+such+name",
        "upload": "/documents/upload/",
        "about": about,
        "finish": document_url + "preview/",
        "framework": "/framework/",
        "people": "/people/",
        "profile": "/profile/",
        "single sign-on": "/organization/single-sign-on/",
        **connection_urls,
        "administration": "/admin/",
        "people in the administration": "/admin/accounts/user/",
        "framework in the administration": "/admin/analysis/framework/",
    }.items():
        page.goto(url)
        wrong += check(page, name)
    person.is_expecting_trouble = True
    page.goto("/no/such/page/")
    wrong += check(page, "not found")
    person.is_expecting_trouble = False
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_desk_is_fit_for_everyone_in_each_of_its_states(
    visit: Visit, document_url: str, size: str, scheme: str
) -> None:
    person = visit("org_admin", viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce")
    page = person.page
    person.open(document_url)
    wrong = check(page, "desk")
    if size == "phone":
        for part in ("Scorecard", "Items"):
            page.locator(".desk__tab", has_text=part).click()
            wrong += check(page, part)
        page.locator(".desk__tab", has_text="Scorecard").click()
    page.locator(".cell").first.click()
    wrong += check(page, "evidence")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(".item--editing")).to_be_visible()
    wrong += check(page, "rewording")
    page.keyboard.press("Escape")
    expect(page.locator(".item--editing")).to_have_count(0)
    for key in ("f", "?"):
        page.keyboard.press(key)
        expect(page.locator("dialog[open]")).to_be_visible()
        wrong += check(page, f"dialog {key}")
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator(".menu__button").click()
    wrong += check(page, "menu", part=".menu__list")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_before_signing_in_are_fit_for_everyone(visit: Visit, size: str, scheme: str) -> None:
    person = visit("", viewport=SIZES[size], color_scheme=scheme)
    wrong: list[str] = []
    for name, url in {
        "sign-in": "/sign-in/",
        "forgotten": "/password/forgotten/",
        "old link": "/invitation/not-a-token/",
    }.items():
        person.is_expecting_trouble = name == "old link"
        person.page.goto(url)
        wrong += check(person.page, name)
    assert not wrong, "\n".join(wrong)


def test_at_twice_the_size_nothing_is_lost(visit: Visit, document_url: str) -> None:
    # 1440 pixels at 200 % are 720 of the page's own.
    person = visit("org_admin", viewport={"width": 720, "height": 450}, device_scale_factor=2)
    for url in ("/", document_url, document_url + "about/", "/framework/", "/people/", "/profile/"):
        person.page.goto(url)
        spills = person.page.evaluate(SPILLS)
        assert not spills, (url, spills[:5])


def test_in_a_language_from_right_to_left_nothing_spills(visit: Visit, document_url: str) -> None:
    person = visit("org_admin")
    for url in ("/", document_url, "/framework/", "/people/"):
        person.page.goto(url)
        person.page.evaluate("document.documentElement.dir = 'rtl'")
        for width in (1440, 360):
            person.page.set_viewport_size({"width": width, "height": 800})
            assert person.page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            ), (url, width)


def test_forced_colours_keep_marks_and_cells_apart(visit: Visit, document_url: str) -> None:
    person = visit("org_admin", forced_colors="active")
    person.open(document_url)
    mark = person.page.locator(".mark[class*=mark--]").first
    assert mark.evaluate("(one) => getComputedStyle(one).textDecorationLine") == "underline"
    assert person.page.locator(".cell").first.evaluate("(one) => getComputedStyle(one).borderTopStyle") == "solid"


def test_less_motion_is_none(visit: Visit, document_url: str) -> None:
    person = visit("org_admin", reduced_motion="reduce")
    person.open(document_url)
    moving = person.page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((one) => getComputedStyle(one).transitionDuration.split(",").some((time) => parseFloat(time) > 0) || getComputedStyle(one).animationName !== "none").length"""
    )
    assert moving == 0


def test_a_printed_desk_is_the_document_with_its_items(visit: Visit, document_url: str) -> None:
    person = visit("org_admin")
    person.open(document_url)
    person.page.emulate_media(media="print")
    expect(person.page.locator(".doc-section").first).to_be_visible()
    expect(person.page.locator(".item").first).to_be_visible()
    for hidden in (".top", ".desk__bar", ".item__deeds", ".toasts"):
        expect(person.page.locator(hidden).first).to_be_hidden()
    full = person.page.evaluate("[document.body.scrollHeight, document.querySelector('.desk__text').scrollHeight]")
    assert full[0] >= full[1]


def test_nothing_moves_after_the_first_paint(visit: Visit, document_url: str) -> None:
    person = visit("org_admin")
    for url in ("/", document_url, "/profile/"):
        person.page.add_init_script(
            "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.shift += one.value; })).observe({ type: 'layout-shift', buffered: true });"
        )
        person.page.goto(url, wait_until="networkidle")
        assert person.page.evaluate("window.shift") < 0.02, url


def test_the_theme_and_the_language_are_chosen_and_kept(visit: Visit) -> None:
    person = visit("team_lead")
    page = person.page
    page.goto("/profile/")
    page.locator(".menu__button").click()
    with page.expect_response("**/profile/theme/"):
        page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto("/profile/")
    page.get_by_label("Appearance").select_option("auto")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.locator("#id_language").select_option("en")
    page.locator("form[action='/profile/'] button[type=submit]").click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile("en"))
