"""What staff decided, with the words it was decided on, opened for the time of one training."""

from dataclasses import dataclass

from temporalio.exceptions import ApplicationError

from activities.words import Words
from domain.submission import Submission
from packs.learned.classifier import level_names
from packs.learned.labelled import Labelled
from packs.learned.model import Model
from packs.loader import load_pack
from runtime.database import database_url
from runtime.master_key import MasterKeys
from sealing.keys import SealingKeys
from sealing.vault import Vault
from settings import Settings
from storage import journal, labels
from storage.database import Database


@dataclass(frozen=True)
class Corrections:
    """`closed`: complaints whose person was erased, or whose words cannot be opened."""

    labelled: Labelled
    closed: int


async def stored_corrections(settings: Settings, model: Model) -> Corrections:
    """From the journal and the key store that the settings name."""
    keys = SealingKeys.derived(MasterKeys.load(settings))
    database = Database(database_url(settings), "classifier")
    try:
        return await read_corrections(database, Vault(keys), model)
    finally:
        await database.close()


async def read_corrections(database: Database, vault: Vault, model: Model) -> Corrections:
    """The last decision on each complaint, as the model's label of its widest class."""
    words = Words(database, vault)
    async with database.transaction() as session:
        decisions = await labels.newest(session)
    texts, names, closed = [], [], 0
    for decision in decisions:
        async with database.transaction() as session:
            entry = await journal.submission(session, decision.number)
        if entry is None:
            continue
        submission = Submission.model_validate(entry.body)
        try:
            opened = await words.open(submission)
        except ApplicationError:
            closed += 1
            continue
        level = decision.decided.partition(".")[0]
        names.append(level_names(model, load_pack(submission.pack)).get(level, level))
        texts.append((opened.title, opened.text))
    return Corrections(Labelled(tuple(texts), tuple(names)), closed)
