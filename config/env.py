"""Typed readers of the environment; the only place that touches os.environ for settings."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


class SettingError(Exception):
    """A setting is missing or cannot be read; the message names it and says what to write."""


def text(name: str, default: str = "") -> str:
    """The value as text, stripped."""
    return os.environ.get(name, default).strip()


def integer(name: str, default: int) -> int:
    """The value as a whole number; SettingError when it is none."""
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        message = f"{name} must be a whole number"
        raise SettingError(message) from error


def number(name: str, default: float) -> float:
    """The value as a decimal number; SettingError when it is none."""
    value = text(name)
    if not value:
        return default
    try:
        return float(value)
    except ValueError as error:
        message = f"{name} must be a number"
        raise SettingError(message) from error


def boolean(name: str, *, default: bool = False) -> bool:
    """The value as yes or no (1/0, true/false, yes/no, on/off)."""
    value = text(name).lower()
    if name not in os.environ or not value:
        return default
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    message = f"{name} must be one of true, false"
    raise SettingError(message)


def listing(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """The value as a comma-separated list without empty entries."""
    value = text(name)
    return [entry.strip() for entry in value.split(",") if entry.strip()] if value else list(default)


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """The value as a comma-separated list of networks (10.0.0.0/8); SettingError when one is none."""
    try:
        return [ip_network(entry) for entry in listing(name)]
    except ValueError as error:
        message = f"{name} must be networks like 10.1.0.0/16, separated by commas"
        raise SettingError(message) from error


def secret(name: str) -> str:
    """The value of NAME, or the content of the file that NAME_FILE names; "" when neither is set."""
    file_name = text(f"{name}_FILE")
    if file_name:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            message = f"{name}_FILE names a file that cannot be read"
            raise SettingError(message) from error
    return text(name)


def required_secret(name: str) -> str:
    """As secret(), but SettingError when it is not set: production does not start without it."""
    value = secret(name)
    if not value:
        message = f"{name} (or {name}_FILE) is required in production"
        raise SettingError(message)
    return value
