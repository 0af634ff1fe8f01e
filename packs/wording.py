"""Windows in plain words, for those who know the law and not the code."""

from domain.window import TimeUnit, Window

_UNITS = {
    TimeUnit.SECONDS: "second",
    TimeUnit.MINUTES: "minute",
    TimeUnit.HOURS: "hour",
    TimeUnit.WORKING_HOURS: "working hour",
    TimeUnit.NATURAL_DAYS: "day",
    TimeUnit.WORKING_DAYS: "working day",
    TimeUnit.MONTHS: "month",
}
_ENDS = {
    "midnight": "due at the end of the last day",
    "close_of_business": "due at the close of business",
    "time_of_day": "due at the same time of day",
}


def in_words(window: Window) -> str:
    """The window as a sentence would say it."""
    plural = "s" if window.amount > 1 else ""
    said = [f"{window.amount} {_UNITS[window.unit]}{plural}"]
    if window.unit.counts_days:
        if window.first_day == "same":
            said.append("the first day counted")
        said.append(_ENDS[window.ends])
    if window.snap == "opening":
        said.append("from the next opening if it came in outside office hours")
    if window.roll == "forward":
        said.append("moved on if the last day is not worked")
    return ", ".join(said)
