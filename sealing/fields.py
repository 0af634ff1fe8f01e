"""Which fields of a model are sealed, and the walk that seals or opens them.

A field is named by its path: `text`, `matter.text`, `disposition.answer`. What is not a string
(media, evidence, a person's contact) is sealed as JSON, and comes back as that JSON's text.
"""

import json
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from domain.acts import Sealable
from sealing.data_key import DataKey

M = TypeVar("M", bound=BaseModel)


def seal_fields(
    model: type[BaseModel], body: Mapping[str, Any], data_key: DataKey
) -> dict[str, Any]:
    """The body of a request with every sealable field sealed, ready for `model` to validate.

    Words that look sealed are sealed like any others, for whoever may type may type a prefix.
    """

    def seal(field: str, value: Any) -> str:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return data_key.seal(field, text)

    return _walk(model, body, seal)


def seal_act(act: M, data_key: DataKey) -> M:
    """The same act, or submission, with its plain words sealed."""
    sealed = seal_fields(type(act), act.model_dump(), data_key)
    return type(act).model_validate(sealed)


def open_fields(
    model: type[BaseModel], body: Mapping[str, Any], data_key: DataKey, prefix: str = ""
) -> dict[str, Any]:
    """The body with its sealed fields opened. `prefix` says where it stood, such as `matter.`.

    Raises `SealBroken`.
    """
    return _walk(model, body, data_key.open, prefix)


def _walk(
    model: type[BaseModel],
    body: Mapping[str, Any],
    turn: Callable[[str, Any], Any],
    prefix: str = "",
) -> dict[str, Any]:
    turned = dict(body)
    for name, field in model.model_fields.items():
        value = body.get(name)
        if value is None:
            continue
        if any(isinstance(mark, Sealable) for mark in field.metadata):
            turned[name] = turn(prefix + name, value)
        elif isinstance(value, Mapping):
            nested = _model_in(field.annotation)
            if nested is not None:
                turned[name] = _walk(nested, value, turn, f"{prefix}{name}.")
    return turned


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an optional or plain annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Union, UnionType):
        return next(filter(None, map(_model_in, get_args(annotation))), None)
    return None
