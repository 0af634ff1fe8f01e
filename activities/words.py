"""Opens the sealed words of one complaint for the time of one classification."""

from temporalio.exceptions import ApplicationError

from domain.submission import Matter, Submission
from packs.classifier import OpenedWords
from sealing.errors import SealingError
from sealing.fields import open_fields
from sealing.vault import Vault
from storage.database import Database


class Words:
    """Needs the key store: while it is down, classification waits and the law runs on."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def open(self, submission: Submission) -> OpenedWords:
        """Raises `DatabaseDown` (asked again later), or for good where the person was erased."""
        try:
            async with self._database.transaction() as session:
                data_key = await self._vault.fetch(session, submission.number)
            matter = open_fields(Matter, submission.matter.model_dump(), data_key, "matter.")
            latitude, longitude = (
                data_key.open(field, sealed) if sealed else None
                for field, sealed in (
                    ("latitude", submission.latitude),
                    ("longitude", submission.longitude),
                )
            )
        except SealingError as closed:
            raise ApplicationError(
                "the words cannot be opened", type=type(closed).__name__, non_retryable=True
            ) from closed
        return OpenedWords(
            title=matter["title"] or "",
            text=matter["text"] or "",
            address=matter["address"] or "",
            demand=submission.demand,
            category=submission.category,
            district=submission.district,
            subdistrict=submission.subdistrict,
            latitude=float(latitude) if latitude else None,
            longitude=float(longitude) if longitude else None,
        )
