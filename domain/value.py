"""The frozen base of the law's values: what breaks one is named by field and rule."""

from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, ValidationError, model_validator

from domain.errors import InvalidRule
from domain.model import Strict


class LegalValue(Strict):
    """A frozen value of law; input that breaks it, or an unknown key, raises `InvalidRule`."""

    @model_validator(mode="wrap")
    @classmethod
    def refuse_by_field_and_rule(cls, given: Any, build: ModelWrapValidatorHandler[Self]) -> Self:
        """Turn the first complaint about `given` into an `InvalidRule`."""
        try:
            return build(given)
        except ValidationError as refused:
            raise _first_refusal(cls.__name__.lower(), refused) from None
        except OverflowError:
            raise InvalidRule(cls.__name__.lower(), "leads outside the years 1 to 9999") from None


def _first_refusal(name: str, refused: ValidationError) -> InvalidRule:
    first = refused.errors(include_url=False, include_input=False)[0]
    field = str(first["loc"][0]) if first["loc"] else name
    rule = first["msg"].replace("Input should be", "must be")
    rule = rule.replace("Field required", "is required")
    return InvalidRule(field, rule[:1].lower() + rule[1:])
