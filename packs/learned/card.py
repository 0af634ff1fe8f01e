"""The model card in Markdown: where a model comes from, what it is worth, what it is not for."""

from collections.abc import Mapping
from typing import Any

from packs.learned.figures import share_at

CARD_TEXT = "CARD.md"
READS = "reads"
"""The card's key for what a model reads at once: whole messages, unless it says otherwise."""
_FEATURES = {
    "messages": "characters in ones, twos and threes and over words",
    "passages": "pieces of words, one to three characters or, in scripts with spaces, three to "
    "five letters, one passage of a message at a time",
}


def card_text(card: Mapping[str, Any], labels: tuple[str, ...]) -> str:
    """Written from the JSON card, so that the two cannot differ."""
    return "\n".join([*_what(card, labels), *_worth(card["figures"]), *_limits(), ""])


def _what(card: Mapping[str, Any], labels: tuple[str, ...]) -> list[str]:
    learned, reads = card.get("corrections", 0), card.get(READS, "messages")
    return [
        f"# Model {card['name']}",
        "",
        f"Trained {card['trained']} on {card['messages']} {reads} "
        f"(one of each group of near-duplicates) of `{card['file']}`.",
        f"Origin of the messages: {card['origin']}",
        *([f"Then moved by {learned} corrections of staff."] if learned else []),
        "",
        f"Labels: {', '.join(labels)}.",
        "",
        f"Linear, one label against the rest (squared hinge), over {_FEATURES[reads]}; "
        "calibrated on held-out parts. Features are hashed, those of a "
        "single message are left out, weights have 8 bits: no message can be read out of them. "
        "Stored as NumPy arrays without pickle, and JSON.",
        "",
    ]


def _worth(figures: Mapping[str, Any]) -> list[str]:
    wide = share_at(figures["coverage"], 0.95)
    lines = [
        f"Grouped five-fold cross-validation on {figures['judged']} of them: accuracy "
        f"{figures['accuracy']:.3f}, macro-F1 {figures['macro_f1']:.3f}, calibration error "
        f"{figures['calibration']['error']:.3f}.",
        f"At an accuracy of {wide['accuracy']:.3f}, {wide['share']:.1%} need no person "
        f"(confidence from {wide['confidence']:.2f}).",
        "",
        "| label | messages | precision | recall | F1 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for label, each in figures["per_class"].items():
        numbers = " | ".join(f"{each[key]:.3f}" for key in ("precision", "recall", "f1"))
        lines.append(f"| {label} | {each['messages']} | {numbers} |")
    return [*lines, ""]


def _limits() -> list[str]:
    return [
        "Not for: deciding a right or a benefit, judging a person, or messages of another kind, "
        "language or catalogue than those above. What it is unsure of goes to a person.",
    ]
