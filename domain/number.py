"""A complaint's number: digits that a citizen can read out over the telephone, and that check.

The last two digits are the ISO 7064 MOD 97-10 check of those before: they catch every wrong digit
and every pair of digits that changed places. The draw comes from the caller, who takes it from a
source that cannot be guessed.
"""

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

DRAWN_DIGITS = 12
FIRST_DRAW = 10 ** (DRAWN_DIGITS - 1)
DRAWS = 10**DRAWN_DIGITS - FIRST_DRAW
"""How many numbers there are; none begins with a zero, which a spreadsheet would drop."""


def complaint_number(draw: int) -> str:
    """The number that belongs to a draw, `0 <= draw < DRAWS`."""
    if not 0 <= draw < DRAWS:
        raise ValueError("the draw lies outside the numbers")
    drawn = str(FIRST_DRAW + draw)
    return drawn + mod_97_10.calc_check_digits(drawn)


def is_complaint_number(text: str) -> bool:
    """Whether the text could be a complaint's number: spares a look-up, promises nothing."""
    if len(text) != DRAWN_DIGITS + 2 or not (text.isascii() and text.isdecimal()):
        return False
    try:
        mod_97_10.validate(text)
    except ValidationError:
        return False
    return True
