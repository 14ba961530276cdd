"""Whether a number is what it looks like: check digits of cards, bank accounts and national identity numbers."""

import re

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_VERHOEFF_D = tuple(
    tuple(
        (i + j) % 5
        if i < 5 and j < 5
        else (i + (j - 5)) % 5 + 5
        if i < 5
        else (i - 5 - j) % 5 + 5
        if j < 5
        else (i - j) % 5
        for j in range(10)
    )
    for i in range(10)
)
_VERHOEFF_P = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)


def digits_of(text: str) -> str:
    """The ASCII digits alone."""
    return "".join(letter for letter in text if letter in "0123456789")


def passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812: cards, and the Swedish personal number."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return bool(digits) and total % 10 == 0


def is_card(text: str) -> bool:
    """13 to 19 digits of a card scheme with a right check digit."""
    digits = digits_of(text)
    return 13 <= len(digits) <= 19 and digits[0] in "23456" and len(set(digits)) > 1 and passes_luhn(digits)


def is_iban(text: str) -> bool:
    """ISO 13616: country, two check digits, and modulo 97 equal to 1."""
    squeezed = re.sub(r"[\s-]", "", text).upper()
    if not 15 <= len(squeezed) <= 34 or not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{1,30}", squeezed):
        return False
    turned = squeezed[4:] + squeezed[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def is_us_ssn(text: str) -> bool:
    """An area, group and serial that may be issued."""
    area, group, serial = text.split("-")
    return area not in {"000", "666"} and area[0] != "9" and group != "00" and serial != "0000"


def is_spanish_id(text: str) -> bool:
    """DNI or NIE with its letter."""
    squeezed = re.sub(r"[\s.-]", "", text).upper()
    number = squeezed[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and _DNI_LETTERS[int(number) % 23] == squeezed[-1]


def is_french_insee(text: str) -> bool:
    """Thirteen digits and the key that makes 97 with them."""
    digits = digits_of(text)
    return len(digits) == 15 and 97 - int(digits[:13]) % 97 == int(digits[13:])


def is_polish_pesel(text: str) -> bool:
    """Eleven digits, the last of which checks."""
    digits = digits_of(text)
    if len(digits) != 11:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_PESEL_WEIGHTS, digits, strict=False))
    return (10 - total % 10) % 10 == int(digits[10])


def is_aadhaar(text: str) -> bool:
    """Twelve digits under the Verhoeff scheme, not beginning with 0 or 1."""
    digits = digits_of(text)
    if len(digits) != 12 or digits[0] in "01":
        return False
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _VERHOEFF_D[check][_VERHOEFF_P[place % 8][int(digit)]]
    return check == 0
