"""The command line: what the rules call and what people type.

Heavy imports wait for the command that needs them.
"""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from wganbench.compare.commands import comparing
from wganbench.console import printable
from wganbench.errors import SIGNALLED, OneLineError, UserError
from wganbench.measure.commands import measuring
from wganbench.operations.commands import upkeep
from wganbench.operations.gathering import gathering
from wganbench.options import (
    CheckpointOption,
    Commands,
    DeviceOption,
    KeepOption,
    ScaleOption,
    parameters,
)
from wganbench.plan.step import Measurement
from wganbench.plan.steps import EXTRACTOR, MEASUREMENTS, TRAIN
from wganbench.records.layout import CHECKPOINT_EVERY, EXTRACTORS, RUNS

app = typer.Typer(
    name="wganbench",
    help="Reproducibility benchmark for Wasserstein GANs.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich takes as long to import as all that the help needs
    cls=Commands,
)
app.add_typer(gathering)
app.add_typer(upkeep)
app.add_typer(comparing)
app.add_typer(measuring)
RunId = Annotated[str, typer.Argument(help="EXPERIMENT/NAME, as `wganbench plan` lists it.")]


@app.command()
def plan(
    experiments: Annotated[
        list[str] | None, typer.Argument(help="Experiments; all if none.")
    ] = None,
    scale: ScaleOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Every run with its whole configuration.")
    ] = False,
    estimate: Annotated[
        bool,
        typer.Option(
            "--estimate", help="What they take: hours by the rates of finished runs, and disk."
        ),
    ] = False,
    measure: Annotated[
        bool,
        typer.Option(
            "--measure",
            help="With --estimate: time a few iterations of each kind of training now, on the "
            "device of params.yaml, in place of the rates of finished runs.",
        ),
    ] = False,
) -> None:
    """List the runs that the experiments ask for."""
    from wganbench.plan.overview import as_json_lines, print_overview

    if measure and not estimate:
        raise typer.TyperException("plan: --measure says how to estimate, so add --estimate")
    params = parameters(scale)
    runs, waiting = params.by_choice(params.possible_runs(experiments or None))
    if estimate:
        from wganbench.operations.estimate import print_estimate

        # What is not chosen yet takes what any setting of it does.
        print_estimate(
            {name: [*of, *waiting.get(name, ())] for name, of in runs.items()},
            params.scale,
            RUNS,
            measure=measure,
        )
    elif as_json:
        typer.echo(as_json_lines(runs), nl=False)
    else:
        print_overview(runs, params.scale, waiting)


@app.command()
def data(
    name: Annotated[str, typer.Argument(help="A data set's id, as in the plan's runs.")],
    scale: ScaleOption = None,
    download: Annotated[
        bool, typer.Option("--download", help="Fetch missing raw files first, if they can be.")
    ] = False,
) -> None:
    """Write a data set and its manifest into data/."""
    from wganbench.data.store import write_data
    from wganbench.operations.run import check_samples_of

    params = parameters(scale)
    chosen = params.data_set(name)
    if download:
        chosen.download()
    typer.echo(write_data(chosen))
    check_samples_of(chosen, params.all_runs() if chosen.heldout_size is None else [])


@app.command()
def extractor(
    name: Annotated[str, typer.Argument(help="An image set's id, as in the plan's runs.")],
    scale: ScaleOption = None,
) -> None:
    """Make the feature space for a data set's generated images."""
    params = parameters(scale)
    chosen = params.data_set(name)
    from wganbench.fidelity.store import write_extractor
    from wganbench.locks import writing

    with writing(f"{EXTRACTORS.name}/{name}", EXTRACTOR.locks):
        made = write_extractor(chosen, params.extractor, device=params.device_for(chosen))
    accuracy = "" if made.accuracy is None else f", {made.accuracy:.2%} of held-out images right"
    typer.echo(f"{made.extractor}: {made.seconds:.1f} s{accuracy}")


@app.command()
def train(
    run_id: Annotated[
        str | None, typer.Argument(help="EXPERIMENT/NAME, as `wganbench plan` lists it.")
    ] = None,
    scale: ScaleOption = None,
    device: DeviceOption = None,
    config: Annotated[
        Path | None,
        typer.Option(
            help="In place of RUN_ID: a file with one run's scale, seeds and configuration, as "
            "the report gives it. The results go into METHOD-DIGEST/ beside the file."
        ),
    ] = None,
    checkpoint_every: CheckpointOption = CHECKPOINT_EVERY,
    keep_state: KeepOption = False,
) -> None:
    """Train a run: all of its seeds, side by side.

    An interrupted run goes on from its checkpoint, to the same result bit for bit; so does one from
    a kept state of the same run with fewer iterations.
    """
    if (run_id is None) == (config is None):
        raise typer.TyperException("train: needs either a run_id or --config FILE")
    if config and scale:
        raise typer.TyperException("train: --config FILE says the scale, so leave --scale out")
    from wganbench.data.store import write_data
    from wganbench.locks import writing
    from wganbench.operations.freshness import why_stale_data
    from wganbench.operations.training import train_measured
    from wganbench.plan.run_files import read_run
    from wganbench.records.data import DATA

    params = parameters(scale, device)
    run = params.placed(read_run(config)) if config else params.find(str(run_id))
    folder = config.parent / run.name if config else RUNS / run.id
    data_set = run.configuration.data
    if config and why_stale_data(data_set, DATA / f"{data_set.id}.npz"):
        write_data(data_set)  # no plan may have them, so no other command would

    with writing(run.id, TRAIN.locks):
        record = train_measured(run, folder, every=checkpoint_every, keep_state=keep_state)
    ended = ", ".join(f"seed {s.seed} {s.status}" for s in record.seeds)
    typer.echo(f"{folder if config else run.id}: {record.timings.total:.1f} s; {ended}")


def _measuring(step: Measurement) -> Callable[[str, str | None], None]:
    def command(run_id: RunId, scale: ScaleOption = None) -> None:
        run = parameters(scale).find(run_id)
        step.measure(run, RUNS / run.id)

    return command


for _step in MEASUREMENTS:
    app.command(_step.name, help=_step.about)(_measuring(_step))


@app.command()
def estimate(
    pairs: Annotated[
        Path | None,
        typer.Option(
            help="An .npz file of funnel pairs (dD_nN_centers, dD_nN_bias), or a torch state "
            "dict of one (.pt). Default: ours."
        ),
    ] = None,
    dim: Annotated[list[int] | None, typer.Option(help="Dimensions. Default: 2, 16, 64.")] = None,
    funnels: Annotated[list[int] | None, typer.Option(help="Funnels. Default: 4.")] = None,
    method: Annotated[
        list[str] | None, typer.Option(help="Methods. Default: all that are published.")
    ] = None,
    iterations: Annotated[int, typer.Option(min=1, help="Critic steps.")] = 3000,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds, trained side by side.")] = 2,
    metrics_csv: Annotated[Path | None, typer.Option(help="Write the table here too.")] = None,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
) -> None:
    """Hold critics' estimates against the known W1 of pairs of laws."""
    from wganbench import known_pairs
    from wganbench.plan.params import DEVICES

    if device not in DEVICES:
        raise UserError(f"--device: {device!r} is unknown; there are {', '.join(DEVICES)}")
    configurations = [
        known_pairs.configuration_of(name, d, n, iterations, pairs)
        for d in dim or [2, 16, 64]
        for n in funnels or [4]
        for name in method or known_pairs.SOLVERS
    ]
    estimates = list(known_pairs.estimate_known(configurations, tuple(range(seeds)), device))
    known_pairs.print_table(estimates)
    if metrics_csv:
        known_pairs.write_csv(estimates, metrics_csv)


@app.command()
def schema(
    file: Annotated[str, typer.Argument(help="experiment or params.")] = "experiment",
) -> None:
    """Print the JSON Schema of experiment files, or of params.yaml."""
    from wganbench.plugins.explain import meant
    from wganbench.schema.editors import as_text, schemas

    known = schemas()
    if file not in known:
        raise UserError(f"schema {file!r} is unknown{meant(file, known)}")
    typer.echo(as_text(known[file]), nl=False)


def main() -> None:
    """Run the command line; a mistake is one line on standard error and exit code 2."""
    try:
        sys.exit(app(standalone_mode=False))
    except OneLineError as error:
        _refuse(str(error), error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        _refuse("stopped", SIGNALLED + signal.SIGINT)
    except typer.TyperException as error:  # wrong usage; without any argument the help is enough
        usage = error.format_message().rstrip(". ")
        _refuse(f"{usage}; see wganbench --help" if usage else "")
    except OSError as error:  # a folder that may not be written, a full disk
        where = f"{error.filename}: " if error.filename else ""
        _refuse(f"{where}{error.strerror or error}")


def _refuse(message: str, exit_code: int = 2) -> NoReturn:
    if message:
        told = "\n".join(printable(line) for line in message.split("\n"))
        sys.stderr.write(f"wganbench: {told}\n")
    sys.exit(exit_code)
