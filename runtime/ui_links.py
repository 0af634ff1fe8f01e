"""Deep links into the Temporal UI: the views that operators keep open."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

RUNNING = 'ExecutionStatus="Running"'


def saved_views(ui_url: str, namespace: str, now: datetime) -> Mapping[str, str]:
    """Name and address of each view; `now` is aware, and its zone decides what today is."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    begin, end = (_instant(day) for day in (today, today + timedelta(days=1)))
    queries = {
        "overdue": f"ComplaintOverdue=true AND {RUNNING}",
        "in triage": f'ComplaintStage="triage" AND {RUNNING}',
        "due today": f'ComplaintDueAt BETWEEN "{begin}" AND "{end}" AND {RUNNING}',
        "failing": "TemporalReportedProblems IN "
        '("category=WorkflowTaskFailed", "category=WorkflowTaskTimedOut")',
    }
    workflows = f"{ui_url}/namespaces/{namespace}/workflows"
    return {name: f"{workflows}?query={quote(query, safe='')}" for name, query in queries.items()}


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
