"""`hotline verify`: are the legal files what was once written?"""

from runtime.database import database_url
from runtime.logs import set_up_logging
from runtime.shutdown import run_process
from settings import Settings
from storage.database import Database
from storage.verify import verify as verify_all


def verify() -> None:
    """Check the hash chain of every complaint; exit 1 at the first break."""
    settings = Settings.load()
    set_up_logging(settings)
    run_process(run(settings))


async def run(settings: Settings) -> int:
    database = Database(database_url(settings), "verify")
    try:
        async with database.transaction(longest_seconds=None) as session:
            async for verdict in verify_all(session):
                if verdict.broken_at is not None:
                    print(f"{verdict.number}: broken at {verdict.broken_at}: {verdict.reason}")
                    return 1
                print(f"{verdict.number}: {verdict.events} events, whole")
    finally:
        await database.close()
    return 0
