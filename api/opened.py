"""Opens the sealed words of a complaint's file for a reader whose read is already logged."""

import json
from typing import Any

from api.access import File
from api.resources import Resources
from api.view import ComplaintView
from domain.event import Event, EventKind
from domain.submission import Submission
from sealing.data_key import DataKey
from sealing.errors import PersonErased, SealBroken
from sealing.vault import Vault
from storage import events

WORDS_ADDED = {EventKind.FACTS_ADDED: ("text", "media"), EventKind.EVALUATED: ("comment",)}


def opened_matter(submission: Submission, data_key: DataKey, original: bool) -> dict[str, Any]:
    """Without `original` only the hotline's summary and the place."""
    matter = submission.matter
    words: dict[str, Any] = {
        "summary": _opened(data_key, "matter.summary", matter.summary),
        "address": _opened(data_key, "matter.address", matter.address),
        "district": submission.district,
        "subdistrict": submission.subdistrict,
        "lat": _opened_json(data_key, "latitude", submission.latitude),
        "lon": _opened_json(data_key, "longitude", submission.longitude),
    }
    if original:
        words["title"] = _opened(data_key, "matter.title", matter.title)
        words["text"] = _opened(data_key, "matter.text", matter.text)
        words["media"] = _opened_json(data_key, "matter.media", matter.media)
    return words


def opened_answers(file: File, data_key: DataKey) -> list[dict[str, Any]]:
    """What the units answered, by order."""
    return [
        {
            "order": order.id,
            "unit": order.unit,
            "completed_at": order.completed_at,
            "answer": _opened(data_key, "answer", order.answer),
        }
        for order in file.orders
        if order.answer is not None
    ]


async def opened_words(shared: Resources, file: File, data_key: DataKey) -> list[dict[str, Any]]:
    """What the citizen added since, in order: facts, and comments at the evaluation."""
    async with shared.database.transaction() as session:
        chained = await events.of(session, file.number)
    return [
        {"kind": line.event.kind, "received_at": line.event.received_at, **words}
        for line in chained
        if (words := _words_of(line.event, data_key))
    ]


async def with_answers(shared: Resources, file: File, view: ComplaintView) -> ComplaintView:
    """The complaint as the citizen reads it: with what was answered, while it can be opened."""
    try:
        async with shared.database.transaction() as session:
            data_key = await Vault(shared.keys).fetch(session, file.number)
            chained = await events.of(session, file.number) if view.disposition else []
    except PersonErased:
        return view
    answers = {line["order"]: line["answer"] for line in opened_answers(file, data_key)}
    orders = tuple(
        order.model_copy(update={"answer": answers.get(order.id)}) for order in view.orders
    )
    disposed = [line.event for line in chained if line.event.kind is EventKind.DISPOSED]
    sealed = disposed[-1].body.get("answer") if disposed else None
    answer = _opened(data_key, "disposition.answer", sealed)
    return view.model_copy(update={"orders": orders, "answer": answer})


def _words_of(event: Event, data_key: DataKey) -> dict[str, Any]:
    fields = WORDS_ADDED.get(event.kind, ())
    opened = {
        field: (_opened_json if field == "media" else _opened)(data_key, field, sealed)
        for field in fields
        if (sealed := event.body.get(field))
    }
    return {field: words for field, words in opened.items() if words is not None}


def _opened(data_key: DataKey, field: str, sealed: str | None) -> str | None:
    """None also for what cannot be opened: a seal of elsewhere that came in by a direct signal."""
    if sealed is None:
        return None
    try:
        return data_key.open(field, sealed)
    except SealBroken:
        return None


def _opened_json(data_key: DataKey, field: str, sealed: str | None) -> Any:
    opened = _opened(data_key, field, sealed)
    return None if opened is None else json.loads(opened)
