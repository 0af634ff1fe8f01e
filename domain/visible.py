"""What of a text can be seen: some characters only steer how others are shown."""

from unicodedata import category

UNSEEN = frozenset({"Cc", "Cf"})
"""Unicode's control and format characters, such as those of no width."""


def visible(text: str) -> str:
    """The text without what nobody sees; spaces and the ends of lines stay."""
    if text.isprintable():
        return text
    return "".join(one for one in text if one.isspace() or category(one) not in UNSEEN)
