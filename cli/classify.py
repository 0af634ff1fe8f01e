"""`hotline classify`: what a rule pack would rule on some words. No server and no database."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import HotlineError
from domain.visible import visible
from domain.vocabulary import Demand

if TYPE_CHECKING:
    from api.foresight import Foreseen, Named


def classify(
    words: Annotated[str, typer.Argument(help="What the citizen says.")],
    *,
    pack: Annotated[str, typer.Option(help="The rule pack to ask.")] = "cn-beijing",
    title: Annotated[str, typer.Option(help="The title, where there is one.")] = "",
    address: Annotated[str, typer.Option(help="Where it is, in plain words.")] = "",
    demand: Annotated[Demand, typer.Option(help="What the citizen wants.")] = Demand.COMPLAINT,
    category: Annotated[str | None, typer.Option(help="As if the channel had chosen it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what a complaint would be classified as, whose duty it would be, and why."""
    from api.foresight import Description
    from cli.foresight import PackForesight
    from packs.loader import load_pack

    try:
        if not visible(words).strip():
            raise HotlineError("words", "must say something")
        described = Description(
            pack=pack, demand=demand, title=title, text=words, address=address, category=category
        )
        foreseen = PackForesight([load_pack(pack)]).foresee(described)
    except HotlineError as refused:
        typer.echo(f"hotline classify: {refused}", err=True)
        raise typer.Exit(2) from None
    typer.echo(foreseen.model_dump_json(indent=2) if as_json else "\n".join(_lines(foreseen)))


def _lines(foreseen: "Foreseen") -> Iterator[str]:
    yield f"category    {foreseen.category or 'left to a person'}"
    for line in foreseen.candidates:
        path = " / ".join(line.path)
        yield f"  {line.confidence:.2f}      {line.category}  {path}  {line.tier}"
    tier = foreseen.tier.tier
    why = ", ".join(reason.removeprefix(f"tier {tier}: ") for reason in foreseen.tier.reasons)
    yield f"tier        {tier}: {why}"
    place = foreseen.place
    found = [part for part in (place.district, place.subdistrict, place.community) if part]
    yield f"place       {', '.join(map(_named, found)) or 'unknown'}: {', '.join(place.reasons)}"
    if (duty := foreseen.duty) is not None:
        yield f"lead        {_named(duty.lead)}: {', '.join(duty.reasons)}"
        for helper in duty.co_handlers:
            yield f"co-handler  {_named(helper)}"
    if foreseen.missing_facts:
        yield f"missing     {', '.join(map(_named, foreseen.missing_facts))}"
    decided_by = "a person" if foreseen.triage.person_decides else "the machine"
    yield f"decided by  {decided_by}: {', '.join(foreseen.triage.reasons)}"
    yield f"by          {foreseen.classifier}"


def _named(named: "Named") -> str:
    return f"{named.name} ({named.code})"
