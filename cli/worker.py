"""`hotline worker`: runs workflows and activities."""

from runtime.logs import set_up_logging
from runtime.shutdown import run_process
from settings import Settings


def worker() -> None:
    """Run complaints: workflows, activities, ledger and notices."""
    from worker import run

    settings = Settings.load()
    set_up_logging(settings)
    run_process(run(settings))
