"""From a CT and a mask to strength and report, top to bottom."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from femur_fea.cores import count_processors
from femur_fea.errors import ConfigError, MissingInputError
from femur_fea.solver import RankCount, Ranks
from femur_risk.config import RunConfig
from femur_risk.pipeline.cache import cached, finish
from femur_risk.pipeline.events import Listener
from femur_risk.pipeline.fingerprint import hash_values
from femur_risk.pipeline.folder import exclusive_folder
from femur_risk.pipeline.inputs import ROLES, hash_input
from femur_risk.pipeline.installation import check_packages
from femur_risk.pipeline.recalibrated import read_own_recalibration
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.settings import check_settings
from femur_risk.pipeline.stages import STAGES, Goal, stages_to

__all__ = ["run_case"]

_CASE_ID_DIGITS = 12


def run_case(
    config: RunConfig, out: Path, *, goal: Goal, listener: Listener, ranks: Ranks | None = None
) -> Path:
    """Carry a case up to `goal` and return its folder, `out`/<case_id>.

    Whatever an earlier run left there with other settings is removed, also beyond `goal`.

    Parameters
    ----------
    config
        All settings, with the paths of CT and femur.
    out
        Folder of runs.
    goal
        The last stage.
    listener
        Is told of every stage.
    ranks
        Who solves, where ranks are there already; else as many as the settings say.

    Raises
    ------
    FemurFEAError
        One of its kinds, if the input or the environment is at fault.
    """
    check_packages()
    check_settings(config)
    _check_ranks(config.solver.ranks, ranks)
    with _opened(config, out, listener, ranks) as run:
        records = [cached(run, stage) for stage in stages_to(goal, lesion=run.has_lesion)]
        return finish(run, made=[record.name for record in records if not record.reused])


@contextmanager
def _opened(config: RunConfig, out: Path, listener: Listener, ranks: Ranks | None) -> Iterator[Run]:
    """Yield the run of a case, alone in its folder."""
    inputs = _inputs(config)
    hashes = {name: hash_input(path, name=name) for name, path in inputs.items()}
    case_id = config.input.case_id or _pseudonym(hashes)
    named = config.model_copy(
        update={"input": config.input.model_copy(update={"case_id": case_id})}
    )
    with exclusive_folder(out / case_id) as folder:
        yield Run(
            case_id=case_id,
            folder=folder,
            config=named,
            inputs=inputs,
            input_sha256=hashes,
            listener=listener,
            ranks=ranks or config.solver.ranks,
            chain=STAGES,
        )


def _check_ranks(asked: RankCount, there: Ranks | None) -> None:
    if asked == "auto":
        return
    if there is not None:
        raise ConfigError(
            found=f"{asked} ranks asked for in a program that mpiexec has started",
            expected="the number in one place",
            remedy="give it to mpiexec alone, or start the program without mpiexec",
        )
    at_hand = count_processors()
    if isinstance(asked, int) and asked > at_hand:
        raise ConfigError(
            found=f"--ranks (solver.ranks) = {asked} where this program may use {at_hand} "
            f"processor{'s' if at_hand > 1 else ''}",
            expected=f"'auto', or a number up to {at_hand}: ranks without a processor of their own "
            "hold up the others",
            remedy="give a smaller number, or 'auto'",
        )


def _inputs(config: RunConfig) -> dict[str, Path]:
    given = {name: getattr(config.input, name) for name in ROLES}
    inputs = {name: Path(path) for name, path in given.items() if path is not None}
    for name in ("ct", "femur"):
        if name not in inputs:
            raise MissingInputError(
                found=f"no path of {ROLES[name]}",
                expected="a CT and a mask of one femur",
                remedy=f"give --{name}, or {name} under [input] in the configuration",
            )
    if config.input.lesion_label is not None and "lesion" not in inputs:
        raise ConfigError(
            found="input.lesion_label without a lesion mask",
            expected="a lesion mask, or no label of it",
            remedy="give --lesion, or leave the label out",
        )
    if "recalibration" in inputs and inputs["recalibration"].exists():
        read_own_recalibration(config, inputs["recalibration"])  # before any work
    if "rods" in inputs and config.calibration.method != "phantom":
        raise ConfigError(
            found=f"regions of rods for the calibration {config.calibration.method!r}",
            expected="calibration.method = 'phantom', or no regions of rods",
            remedy="choose that method and name the phantom, or leave --rods out",
        )
    return inputs


def _pseudonym(hashes: dict[str, str]) -> str:
    """Return a name that says nothing but which scan and which femur it was."""
    content = hash_values({name: hashes[name] for name in ("ct", "femur")})
    return f"case-{content[:_CASE_ID_DIGITS]}"
