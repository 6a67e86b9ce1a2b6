"""From a CT and a mask to strength and report, top to bottom."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from femur_fea.errors import InputError, MissingInputError, UnavailableError
from femur_fea.loads import LOAD_CASES
from femur_risk.config import RunConfig, load_config
from femur_risk.pipeline.anonymous import anonymous_errors
from femur_risk.pipeline.bone import mesh_femur
from femur_risk.pipeline.cache import Run, discard, finish, trusted_stages
from femur_risk.pipeline.choices import load_names
from femur_risk.pipeline.density import calibrate_ct
from femur_risk.pipeline.document import write_report
from femur_risk.pipeline.events import Listener
from femur_risk.pipeline.fields import solve_healed, solve_intact
from femur_risk.pipeline.fingerprint import hash_input, hash_values
from femur_risk.pipeline.folder import exclusive_folder
from femur_risk.pipeline.installation import check_packages
from femur_risk.pipeline.manifest import read_manifest
from femur_risk.pipeline.prepare import check_input
from femur_risk.pipeline.verdict import conclude

__all__ = ["Goal", "check_available", "rebuild_report", "run_case", "stages_to"]

type Goal = Literal["calibration", "mesh", "strength", "report"]

_STAGES = ("segmentation", "calibration", "mesh", "fe", "fe@healed", "strength", "report")
_CASE_ID_DIGITS = 12


def run_case(config: RunConfig, out: Path, *, goal: Goal, listener: Listener) -> Path:
    """Carry a case up to `goal` and return its folder, `out`/<case_id>.

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

    Raises
    ------
    FemurFEAError
        One of its kinds, if the input or the environment is at fault.
    """
    check_packages()
    check_available(config)
    with _opened(config, out, listener) as run:
        checked = check_input(run)
        density = calibrate_ct(run, [checked])
        if goal == "calibration":
            return finish(run)
        bone = mesh_femur(run, [checked])
        if goal == "mesh":
            return finish(run)
        solved = [solve_intact(run, [checked, density, bone])]
        if run.has_lesion:
            solved.append(solve_healed(run, [checked, density, bone]))
        else:
            discard(run, "fe@healed")
        strength = conclude(run, solved, healed=run.has_lesion)
        if goal == "report":
            write_report(run, [checked, density, bone, *solved, strength])
        return finish(run)


def rebuild_report(folder: Path, *, listener: Listener) -> Path:
    """Write the report of a finished run anew from its artefacts, and return the folder.

    Raises
    ------
    InputError
        If the folder holds no finished run, or an artefact is not what the run wrote.
    """
    config = load_config(folder / "run.toml")
    with exclusive_folder(folder):
        run = _run_on_disk(config, folder, listener)
        stages = trusted_stages(run)
        needed = stages_to("strength", lesion=run.has_lesion)
        missing = [name for name in needed if name not in stages]
        if missing:
            raise InputError(
                found=f"a run whose stages {', '.join(missing)} are missing or were changed",
                expected="a finished run as 'femur-fea run' leaves it",
                remedy="call 'femur-fea run' again with the same inputs and --out",
            )
        discard(run, "report")
        write_report(run, [stages[name] for name in needed])
        return finish(run)


def stages_to(goal: Goal, *, lesion: bool) -> tuple[str, ...]:
    """Return the names of the stages up to `goal`, in order."""
    wanted = _STAGES[: _STAGES.index(goal) + 1]
    return tuple(name for name in wanted if lesion or name != "fe@healed")


def check_available(config: RunConfig) -> None:
    """Raise unless this version has all that a configuration asks for.

    Raises
    ------
    UnavailableError
        If a model or tier belongs to a later version.
    UnknownNameError
        If preset or load is not registered.
    """
    for name, value in (("model", config.solver.model), ("tier", config.solver.tier)):
        if value in ("nonlinear", "surrogate"):
            raise UnavailableError(
                found=f"the {name} {value!r}, which is not available in this version",
                expected="model 'linear' and tier 'fe' or 'auto'",
                remedy=f"leave {name} out, or use a later version",
            )
    unknown = [name for name in load_names(config) if name not in LOAD_CASES]
    if unknown:
        LOAD_CASES[unknown[0]]  # raises, with the nearest name


@contextmanager
def _opened(config: RunConfig, out: Path, listener: Listener) -> Iterator[Run]:
    """Yield the run of a case, alone in its folder."""
    given = {"ct": config.input.ct, "femur": config.input.femur, "lesion": config.input.lesion}
    inputs = {name: Path(path) for name, path in given.items() if path is not None}
    for name in ("ct", "femur"):
        if name not in inputs:
            raise MissingInputError(
                found=f"no {name}",
                expected="a CT and a mask of one femur",
                remedy=f"give --{name}, or {name} under [input] in the configuration",
            )
    with anonymous_errors(inputs), _in_its_folder(config, inputs, out, listener) as run:
        yield run


@contextmanager
def _in_its_folder(
    config: RunConfig, inputs: dict[str, Path], out: Path, listener: Listener
) -> Iterator[Run]:
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
        )


def _run_on_disk(config: RunConfig, folder: Path, listener: Listener) -> Run:
    """Return the run that a folder holds, without its inputs."""
    case_id = config.input.case_id or folder.name
    manifest = read_manifest(folder, case_id=case_id)
    return Run(
        case_id=case_id,
        folder=folder,
        config=config,
        inputs={},
        input_sha256=manifest.input_sha256,
        listener=listener,
    )


def _pseudonym(hashes: dict[str, str]) -> str:
    """Return a name that says nothing but which scan and which femur it was."""
    content = hash_values({name: hashes[name] for name in ("ct", "femur")})
    return f"case-{content[:_CASE_ID_DIGITS]}"
