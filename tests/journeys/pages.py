"""What a person does in the portal, in their own words: no selectors in the journeys themselves where a name will do."""

import re
from typing import Any

from apps.documents.word.builder import Bullets, Heading, Paragraph, Table, Title, build
from tests.journeys.installation import Installation

WRITE_UP = build(
    [
        Title("Investigation of counterfeit chargers"),
        Heading("Executive Summary"),
        Paragraph("Many buyers were affected & several complained that the charger <became hot>. The total is TBD."),
        Heading("Investigation Process"),
        Paragraph("We followed SOP-114 and bought three units on 9 April 2026. The invoices were reviewed."),
        Bullets(("Order data for 90 days was read.", "Twelve messages were compared with the returns.")),
        Heading("Timeline"),
        Table((("Date", "Event"), ("3 March 2026", "First unit sold"), ("22 April 2026", "Account suspended"))),
        Heading("Root Cause"),
        Paragraph("The root cause is that the analyst made a mistake."),
        Heading("Preventative Actions"),
        Paragraph("Training will be improved as soon as possible."),
    ]
)
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_file(name: str, content: bytes = WRITE_UP) -> dict[str, Any]:
    """A file as a person would choose it."""
    return {"name": name, "mimeType": WORD_TYPE, "buffer": content}


class Person:
    """Somebody before their own browser."""

    def __init__(self, page: Any, installation: Installation) -> None:
        self.page = page
        self.installation = installation
        self.complaints: list[str] = []
        self.is_expecting_trouble = False
        self.told: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complain(f"script: {error}"))
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: self.told.append(str(frame))))

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto("/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("heading", name="Documents", exact=True).wait_for()

    def upload(self, *names: str, content: bytes = WRITE_UP) -> None:
        """Choose these files in the library."""
        self.page.goto("/")
        self.until_ready()
        self.page.locator("input[type=file]").set_input_files([word_file(name, content) for name in names])

    def reviewed(self, name: str, content: bytes = WRITE_UP) -> str:
        """Upload, wait for the review and open it; the desk's address."""
        self.upload(name, content=content)
        self.page.locator(".drop__file", has_text=name).get_by_role("link", name="Open the review").click()
        self.page.wait_for_url(re.compile(r"/documents/[0-9a-f-]+/$"))
        self.until_ready()
        return str(self.page.url)

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.until_ready()

    def until_ready(self) -> None:
        """The page's scripts have begun their work."""
        self.page.locator("html[data-ready=yes]").wait_for(state="attached")

    def cards(self, state: str = "") -> Any:
        """The items that are shown, or those of one state."""
        wanted = f'[data-state="{state}"]' if state else ""
        return self.page.locator(f".item[data-item-id]{wanted}:visible")

    def toast(self, text: str) -> Any:
        return self.page.locator(".toast-box", has_text=text).first

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self._complain(f"console: {message.text}")

    def _complain(self, text: str) -> None:
        if not self.is_expecting_trouble:
            self.complaints.append(f"{self.page.url}: {text}")
