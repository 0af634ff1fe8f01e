"""Log lines never repeat what a citizen wrote, not even out of an exception."""

import json
import logging
import sys

import pytest
from pydantic import BaseModel, ValidationError

from runtime.logs import JsonLines, PlainLines

PHONE = "13800138000"


class Message(BaseModel):
    due: int


def _record(error: BaseException) -> logging.LogRecord:
    try:
        raise error
    except type(error):
        return logging.LogRecord(
            "api", logging.ERROR, __file__, 1, "it %s", ("failed",), sys.exc_info()
        )


def _refused() -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        Message.model_validate({"due": PHONE + "x"})
    return refused.value


@pytest.mark.parametrize("formatter", [PlainLines(), JsonLines()])
def test_the_words_of_an_exception_stay_out(formatter: logging.Formatter) -> None:
    error = ValueError(PHONE)
    error.__cause__ = _refused()

    line = formatter.format(_record(error))

    assert PHONE not in line
    assert "ValidationError" in line
    assert "ValueError" in line
    assert "test_logs.py" in line


def test_failures_of_the_machine_are_quoted() -> None:
    line = PlainLines().format(_record(ConnectionRefusedError(111, "connection refused")))

    assert "connection refused" in line


def test_a_json_line_is_one_object() -> None:
    written = json.loads(JsonLines().format(_record(ValueError("x"))))

    assert written["message"] == "it failed"
    assert written["level"] == "ERROR"
    assert written["at"].endswith("+00:00")
