"""A short name for a browser: words of our own for what its User-Agent says, never the header itself."""

import re

_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
# Browsers name each other: the more special one comes first.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_FIRST_PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,29}")


def device_name(user_agent: str) -> str:
    """`Firefox on Linux`; for other programs the name that they begin with; "" when they have none."""
    text = user_agent[:1000]
    browser = next((name for mark, name in _BROWSERS if mark in text), "")
    system = next((name for mark, name in _SYSTEMS if mark in text), "")
    if browser and system:
        return f"{browser} on {system}"
    if browser or system:
        return browser or system
    product = _FIRST_PRODUCT.match(text)
    return product.group() if product else ""
