"""Replays every history below a folder with today's workflow code; exits 1 naming what broke."""

import sys
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from runtime.plugin import HotlinePlugin
from runtime.shutdown import run_process
from tests.replay.golden_keys import GOLDEN_KEYS
from workflows.complaint import ComplaintWorkflow


async def replay(folder: Path) -> int:
    replayer = Replayer(workflows=[ComplaintWorkflow], plugins=[HotlinePlugin(GOLDEN_KEYS)])
    broken, count = [], 0
    for path in sorted(folder.rglob("*.json")):
        history = WorkflowHistory.from_json(f"complaint-{path.stem}", path.read_text())
        result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
        count += 1
        if result.replay_failure is not None:
            broken.append(f"{path}: {result.replay_failure}")
    sys.stdout.write(("\n".join(broken) or f"{count} histories replay") + "\n")
    return 1 if broken else 0


if __name__ == "__main__":
    run_process(replay(Path(sys.argv[1])))
