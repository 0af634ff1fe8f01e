"""One logging set-up for all processes: plain for a terminal, JSON for a collector.

Log lines carry ids, never persons. What an exception says may quote what a citizen wrote (a refused
model, a failed SQL statement), so only its class and where it arose are written, and its text only
for failures of the machine.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import TypeAlias

from temporalio.service import RPCError

from settings import LogFormat, Settings

# Errors whose text speaks of files, sockets and servers.
SAFE_TO_QUOTE = (OSError, RPCError)

ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


def set_up_logging(settings: Settings) -> None:
    """Everything goes to standard error; who runs the process keeps it."""
    json_lines = settings.log_format is LogFormat.JSON
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if json_lines else PlainLines())
    logging.basicConfig(level=settings.log_level.value, handlers=[handler], force=True)
    # These two write addresses with their query, and a link to an evaluation carries its token.
    for chatty in ("httpx", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class DiscreetFormatter(logging.Formatter):
    """Writes exceptions without their words."""

    def formatException(self, ei: ExcInfo) -> str:
        return "\n".join(_retold(ei[1])) if ei[1] is not None else ""


class PlainLines(DiscreetFormatter):
    """`12:00:03 WARNING runtime.guard message complete broke its handler`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s %(message)s", "%H:%M:%S")


class JsonLines(DiscreetFormatter):
    """One object per line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _retold(error: BaseException) -> list[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [] if cause is None else [*_retold(cause), "which led to"]
    words = f": {error}" if isinstance(error, SAFE_TO_QUOTE) else ""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    return [*lines, *where, f"{type(error).__name__}{words}"]
