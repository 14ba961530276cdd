"""What a model costs. The figures are the operator's: they change, differ by region and contract, and none is invented here.

The file (LLM_PRICES_FILE, YAML) is a list of entries, each with its source and the date it was read:

    - model: <model id as in PRISM_LLM_MODELS>
      usd_per_1000_tokens_read: "0.00"
      usd_per_1000_tokens_written: "0.00"
      source: <page or contract>
      read_on: <yyyy-mm-dd>
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml

from apps.kernel.errors import InvalidInputError, gettext_noop
from apps.kernel.llm.port import TokenCount


class PriceFileError(InvalidInputError):
    """The price file cannot be used; fields: entry (from 1; 0 is the file itself), reason."""

    code = "price_file"
    sentence = gettext_noop("The price file cannot be used: entry %(entry)s, %(reason)s.")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for 1,000 tokens of one model, with where and when the figures were read."""

    model: str
    usd_per_1000_read: Decimal
    usd_per_1000_written: Decimal
    source: str
    read_on: date

    def cost_usd_cents(self, usage: TokenCount) -> Decimal:
        """US cents for this usage, unrounded."""
        dollars = (usage.read * self.usd_per_1000_read + usage.written * self.usd_per_1000_written) / 1000
        return dollars * 100


def cost_usd_cents(prices: Mapping[str, Price], *, model: str, usage: TokenCount) -> Decimal | None:
    """US cents for this usage; None when the model's price is not known, which is not the same as free."""
    price = prices.get(model)
    return price.cost_usd_cents(usage) if price else None


def prices_in(path: Path) -> dict[str, Price]:
    """Return the prices of a file by model. Raises PriceFileError with the entry that is wrong."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PriceFileError(entry=0, reason=type(error).__name__) from error
    if not isinstance(entries, list):
        raise PriceFileError(entry=0, reason="not a list")
    prices = [_price(entry, number=number) for number, entry in enumerate(entries, start=1)]
    return {price.model: price for price in prices}


def _price(entry: object, *, number: int) -> Price:
    if not isinstance(entry, dict):
        raise PriceFileError(entry=number, reason="not a mapping")
    if not (entry.get("model") and entry.get("source") and isinstance(entry.get("read_on"), date)):
        raise PriceFileError(entry=number, reason="model, source and read_on (a date) are required")
    return Price(
        model=str(entry["model"]),
        usd_per_1000_read=_dollars(entry.get("usd_per_1000_tokens_read"), number=number),
        usd_per_1000_written=_dollars(entry.get("usd_per_1000_tokens_written"), number=number),
        source=str(entry["source"]),
        read_on=entry["read_on"],
    )


def _dollars(figure: object, *, number: int) -> Decimal:
    try:
        dollars = Decimal(str(figure))
    except InvalidOperation as error:
        raise PriceFileError(entry=number, reason="a price is not a number") from error
    if not dollars.is_finite() or dollars < 0:
        raise PriceFileError(entry=number, reason="a price is negative")
    return dollars
