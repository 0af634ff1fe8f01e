"""How a process that speaks to Temporal begins and ends.

The SDK's native threads can crash or hang the interpreter while it is being taken down, after
everything has ended well. So the loop settles for a moment, output is flushed, and the process
leaves without the interpreter's own farewell.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from typing import Any, NoReturn

SETTLING_SECONDS = 0.25

logger = logging.getLogger(__name__)


def run_process(main: Coroutine[Any, Any, int | None]) -> NoReturn:
    """Runs to the end, to the first SIGTERM or SIGINT (which cancel it), or to its failure."""
    code = asyncio.run(_to_the_end(main))
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


async def _to_the_end(main: Coroutine[Any, Any, int | None]) -> int:
    task = asyncio.ensure_future(main)
    loop = asyncio.get_running_loop()
    stopped = False

    def stop() -> None:
        nonlocal stopped
        if stopped:  # asked twice: whatever still drains is given up
            os._exit(1)
        stopped = True
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    code = await _exit_code(task)
    await asyncio.sleep(SETTLING_SECONDS)
    return code


async def _exit_code(task: asyncio.Future[int | None]) -> int:
    try:
        return await task or 0
    except asyncio.CancelledError:
        return 0
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 1
    except Exception:
        logger.exception("the process failed")
        return 1
