"""Amounts as people write them in TOML: `30min 2h 4wh 7d 7wd 1mo`."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from domain.errors import InvalidRule
from domain.window import Amount


def amount(written: Any) -> Any:
    """Read the written form; what the domain refuses becomes a reason that pydantic can place."""
    if not isinstance(written, str):
        raise ValueError("must be written like 30min, 2h, 4wh, 7d, 7wd or 1mo")
    try:
        return Amount.parse(written)
    except InvalidRule as refused:
        raise ValueError(f"{refused.field} {refused.rule}") from None


WrittenAmount = Annotated[Amount, BeforeValidator(amount)]
