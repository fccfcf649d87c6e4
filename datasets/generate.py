"""Write the synthetic town as record files: ``python datasets/generate.py FOLDER --people 1000``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from influence_graph.errors import InfluenceGraphError
from influence_graph.ingest.importers.town import read_parameters
from influence_graph.ingest.town import generate_town

PARAMETERS = Path(__file__).parent / "town" / "parameters.json"


@click.command(epilog="Example: python datasets/generate.py my-town --people 100000 --brands 500")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--parameters",
    type=click.Path(path_type=Path),
    default=PARAMETERS,
    help="File of parameters; default town/parameters.json.",
)
@click.option("--people", type=int, help="Number of people.")
@click.option("--brands", type=int, help="Number of brands.")
@click.option("--days", type=int, help="Number of days.")
@click.option("--seed", type=int, help="Seed; the same seed gives the same bytes.")
@click.option("--story/--no-story", default=None, help="Whether the people of the story are included.")
def main(folder: Path, parameters: Path, **changes: int | bool | None) -> None:
    """Write people, brands, ties, interactions, campaigns, sales and their ground truth to FOLDER."""
    given = {name: value for name, value in changes.items() if value is not None}
    try:
        paths = generate_town(replace(read_parameters(parameters), **given)).write(folder)
    except InfluenceGraphError as error:
        raise click.ClickException(str(error)) from error
    for path in paths:
        click.echo(path)


if __name__ == "__main__":
    main()
