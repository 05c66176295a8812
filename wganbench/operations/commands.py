"""The commands that make everything at once and look after data and results.

`wganbench.cli` takes them in.
"""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from wganbench.errors import UserError
from wganbench.options import (
    CheckpointOption,
    Commands,
    DeviceOption,
    KeepOption,
    ScaleOption,
    parameters,
)
from wganbench.records.layout import CHECKPOINT_EVERY, RESULTS, RUNS

upkeep = typer.Typer()
slurm = typer.Typer(help="The site's Slurm.", cls=Commands)
upkeep.add_typer(slurm, name="slurm")


@upkeep.command()
def init(
    folder: Annotated[Path, typer.Argument(help="A new folder, or an empty one.")],
) -> None:
    """Begin a project of your own: params.yaml, an experiment, a Snakefile, a Slurm profile."""
    from wganbench.project import new_project

    new_project(folder)
    typer.echo(f"{folder}: experiments/ has a first one, plugins/ and raw/ wait for yours; now:")
    typer.echo(f"  cd {folder}\n  wganbench run first --scale smoke")


@upkeep.command()
def run(
    experiments: Annotated[list[str], typer.Argument(help="One experiment or several.")],
    scale: ScaleOption = None,
    device: DeviceOption = None,
    only: Annotated[
        str, typer.Option(help="A pattern of run ids or names, as in 'wgan-gp-dcgan-*'.")
    ] = "*",
    with_report: Annotated[
        bool, typer.Option("--report/--no-report", help="Write summary and report afterwards.")
    ] = True,
    checkpoint_every: CheckpointOption = CHECKPOINT_EVERY,
    worker: Annotated[
        bool,
        typer.Option(
            "--worker",
            help="Make what no other process is at, and end: any number may be started at once, "
            "on nodes that share the folder. Writes no report.",
        ),
    ] = False,
    keep_state: KeepOption = False,
) -> None:
    """Train and measure in this process, without Snakemake.

    Writes what the single commands write, and keeps what is done: the same command again goes on
    after a failure, in the middle of a training too.
    """
    from wganbench.operations.run import report_on_finished, run_planned

    params = parameters(scale, device)
    run_planned(params, experiments, only, checkpoint_every, worker=worker, keep_state=keep_state)
    if with_report and not worker:
        report_on_finished(params)


@upkeep.command()
def status(
    scale: ScaleOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line a run.")] = False,
) -> None:
    """Tell where every run stands and how long the rest will take. Touches nothing."""
    from wganbench.operations.status import as_json_lines, print_statuses, queued_runs, statuses

    params = parameters(scale)
    possible = params.possible_runs()
    planned, waiting = params.by_choice(possible)
    runs = [run for of in planned.values() for run in of]
    try:
        queued = queued_runs(Path.cwd())
    except UserError as error:
        queued = {}
        typer.echo(f"wganbench: {error}; what is in the queue is not known", err=True)
    spared = [run.id for of in possible.values() for run in of]
    found = statuses(runs, RUNS, queued=queued, spared=spared)
    if as_json:
        typer.echo(as_json_lines(found), nl=False)
    else:
        print_statuses(found, params.scale)
        for name, of in waiting.items():
            follow = "1 run follows" if len(of) == 1 else f"{len(of)} runs follow"
            typer.echo(f"{name}: {follow} when its settings are chosen")


@upkeep.command()
def watch(
    run_id: Annotated[str, typer.Argument(help="EXPERIMENT/NAME, as `wganbench plan` lists it.")],
    scale: ScaleOption = None,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks.")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Look once, and end.")] = False,
) -> None:
    """Show a run's curves while it trains, until it is trained.

    Reads the files of a run that any process trains, on any machine of the same disk, and changes
    none. Curves are as old as the last checkpoint. A pipe gets a line for each change.
    """
    from wganbench.console import wide_console
    from wganbench.operations.looking import Looker
    from wganbench.operations.watch import watch as show

    show(Looker(parameters(scale).find(run_id)), wide_console(), every, once)


@upkeep.command()
def tensorboard(
    run_ids: Annotated[
        list[str], typer.Argument(help="EXPERIMENT/NAME, as `wganbench plan` lists them.")
    ],
    logdir: Annotated[Path, typer.Option(help="The folder that TensorBoard is shown.")],
    scale: ScaleOption = None,
) -> None:
    """Write curves and samples of finished or running runs for TensorBoard.

    Needs the extra wganbench[tensorboard]. The same command again brings a running run up to date.
    """
    from wganbench.operations.tensorboard import convert, writer_class

    writer_class()  # refused before anything is read
    params = parameters(scale)
    for run in [params.find(run_id) for run_id in run_ids]:
        folders = convert(run, logdir)
        typer.echo(f"{folders[0].parent}: {len(folders)} seeds")


@upkeep.command()
def verify() -> None:
    """Read all data and results again and name the wrong ones.

    Exit code 1 for any.
    """
    from wganbench.operations.verify import dvc_faults, schema_faults
    from wganbench.records.data import DATA

    parameters()  # refuses another folder than the project's, where nothing would be wrong
    recorded = Path("dvc.lock").exists()
    faults = {fault.path: fault for fault in dvc_faults(Path.cwd())} if recorded else {}
    # What a reader finds is more than that bytes differ.
    faults |= {fault.path: fault for fault in schema_faults(RESULTS, DATA)}
    for path, fault in sorted(faults.items()):
        typer.echo(f"{path}: {fault.reason}")
    beside = " and as recorded" if recorded else "; DVC has recorded none (dvc.lock is missing)"
    typer.echo(f"{len(faults)} faults" if faults else f"every file is readable{beside}")
    raise typer.Exit(code=1 if faults else 0)


@upkeep.command()
def prune(
    scale: ScaleOption = None,
    delete: Annotated[
        bool, typer.Option(help="Then delete all that was ever moved there.")
    ] = False,
) -> None:
    """Take out what is off the grid or was made by other code.

    It is moved out of data/ and results/.
    """
    from wganbench.operations.prune import PRUNED, removals
    from wganbench.operations.prune import prune as take_away
    from wganbench.operations.recover import refuse_if_at_work, refuse_if_locked

    params = parameters(scale)
    possible = [run for runs in params.possible_runs().values() for run in runs]
    refuse_if_at_work(Path.cwd())
    refuse_if_locked(Path.cwd())
    removed = list(removals(possible, RUNS))
    for removal in removed:
        typer.echo(f"{removal.path}: {removal.reason}")
    if removed:
        typer.echo(f"moved to {take_away(removed)}/")
    if delete and PRUNED.exists():
        shutil.rmtree(PRUNED)
        typer.echo(f"{PRUNED}/: deleted")


@upkeep.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def recover(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would be done.")
    ] = False,
    any_host: Annotated[
        bool, typer.Option("--any-host", help="Though the last Snakemake ran on another machine.")
    ] = False,
    go_on: Annotated[
        bool, typer.Option("--continue/--no-continue", help="Run Snakemake afterwards.")
    ] = True,
) -> None:
    """After a crash: end what it left behind, then go on.

    Ends orphaned jobs and processes of this folder, removes half-written files, unlocks, and runs
    Snakemake. Finished runs are kept. Further arguments are Snakemake's, as in
    `wganbench recover --cores 8 --profile slurm`.
    """
    from wganbench.operations import recover as recovery

    parameters()  # refuses another folder than the project's, where nothing would be found
    for line in recovery.recover(Path.cwd(), dry_run, any_host):
        typer.echo(line)
    if go_on and not dry_run:
        recovery.go_on(context.args)


@upkeep.command("check-plugin")
def check_plugin(
    name: Annotated[str, typer.Argument(help="What experiment files call it.")],
    scale: ScaleOption = None,
) -> None:
    """Try whether a plug-in keeps the rules of training, in a run of the plan that uses it.

    Exit code 1 if it breaks one.
    """
    from wganbench.operations.plugin_check import check_plugin as checked

    run, found = checked(name, parameters(scale))
    typer.echo(f"{name}, tried for a few iterations in {run.id}:")
    broken = 0
    for check in found:
        broken += bool(check.fault)
        typer.echo(
            f"  broken: {check.rule}: {check.fault}" if check.fault else f"  ok: {check.rule}"
        )
    raise typer.Exit(code=1 if broken else 0)


@slurm.command("check")
def slurm_check(
    scale: ScaleOption = None,
    device: DeviceOption = None,
    profile: Annotated[Path, typer.Option(help="The profile's folder or file.")] = Path("slurm"),
    seconds: Annotated[
        float, typer.Option(min=0, help="How long a test job may wait for its turn; 0: none runs.")
    ] = 120,
) -> None:
    """Tell what the site's Slurm lacks, before hundreds of jobs fail.

    Exit code 1 if anything.
    """
    from wganbench.operations.slurm_check import check_slurm, print_findings
    from wganbench.operations.slurm_profile import needs

    params = parameters(scale, device)
    # Whatever is chosen: all settings are trained, and the chosen one's other seeds.
    possible = [run for runs in params.possible_runs().values() for run in runs]
    wanted = needs(params.scale, possible)
    if not print_findings(check_slurm(profile, Path.cwd(), wanted, seconds)):
        raise typer.Exit(code=1)
