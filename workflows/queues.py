"""The task queues: the law's own, and one each for what must never hold it up."""

COMPLAINTS = "hotline"
LEDGER = "hotline-ledger"
NOTICES = "hotline-notices"
