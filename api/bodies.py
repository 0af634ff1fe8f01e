"""What people send for each act: the act's model without what the server stamps, in plain words.

Derived from the act table, so that an act's fields are written once. A sealable field is a bounded
string here, `media` a list of references; the words are sealed after the body is read.
"""

from collections.abc import Mapping
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, Field, create_model
from pydantic.fields import FieldInfo

from domain.act_table import ACTS, ActSpec
from domain.acts import Act, OrderAct, Sealable
from domain.model import Frozen, Strict
from domain.visible import visible

ORDER_ID = r"^[0-9]{1,20}\.[0-9]{1,4}\.[0-9]{1,4}$"


def _says_something(text: str) -> str:
    if not visible(text).strip():
        raise ValueError("must say something")
    return text


SaysSomething = AfterValidator(_says_something)


class MediaReference(Strict):
    """A picture or recording that lies elsewhere; it is sealed, never fetched."""

    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://\S+$")]
    kind: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_.+/\-]+$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


Media = Annotated[list[MediaReference], Field(min_length=1, max_length=20)]

_SPELT_OUT: Mapping[tuple[str, str], tuple[Any, Any]] = MappingProxyType(
    {
        ("add_facts", "media"): (Media | None, Field(default=None)),
        # An evaluation token knows its round; everyone else must name it.
        ("evaluate", "round"): (int | None, Field(default=None, ge=1, le=99)),
        ("rule", "order"): (Annotated[str, Field(pattern=ORDER_ID)] | None, Field(default=None)),
    }
)
"""The fields that look different over HTTP than in the act."""


def _strict_name(model: type[BaseModel]) -> str:
    return f"{model.__name__}Body"


def _strict(annotation: Any) -> Any:
    """The same type with every value model in it made strict and in plain words."""
    if get_origin(annotation) in (Union, UnionType):
        members = [_strict(member) for member in get_args(annotation) if member is not NoneType]
        return Union[(*members, None)] if NoneType in get_args(annotation) else Union[(*members,)]
    if isinstance(annotation, type) and issubclass(annotation, Frozen):
        fields = {name: _http_field(field) for name, field in annotation.model_fields.items()}
        return _model(_strict_name(annotation), fields)
    return annotation


def _http_field(field: FieldInfo) -> tuple[Any, Any]:
    sealable = next((mark for mark in field.metadata if isinstance(mark, Sealable)), None)
    if sealable is None:
        return _strict(field.annotation), field
    bounds: dict[str, Any] = {"min_length": 1, "max_length": sealable.longest}
    if sealable.required:
        return Annotated[str, SaysSomething], Field(**bounds)
    return Annotated[str, Field(**bounds)] | None, Field(default=None)


def _model(name: str, fields: dict[str, tuple[Any, Any]]) -> type[Strict]:
    return create_model(name, __base__=Strict, __module__=__name__, **fields)  # type: ignore[call-overload,no-any-return]


def _body_of(spec: ActSpec) -> type[Strict]:
    # What the server stamps; the order of an act on an order stands in the path.
    stamped = OrderAct.model_fields if spec.on_order else Act.model_fields
    fields = {
        name: _SPELT_OUT.get((spec.name, name)) or _http_field(field)
        for name, field in spec.model.model_fields.items()
        if name not in stamped
    }
    return _model(_strict_name(spec.model), fields)


BODIES: Mapping[str, type[Strict]] = MappingProxyType(
    {name: _body_of(spec) for name, spec in ACTS.items()}
)


def may_be_absent(body: type[BaseModel]) -> bool:
    """Whether the act says enough by being sent at all: signing off, resuming."""
    return not any(field.is_required() for field in body.model_fields.values())
