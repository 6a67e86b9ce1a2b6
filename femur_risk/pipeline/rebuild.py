"""The report of a finished run, written anew from what lies on disk."""

from pathlib import Path

from femur_fea.errors import InputError, MissingInputError
from femur_risk.config import Language, ReportConfig, RunConfig, load_config
from femur_risk.pipeline import layout
from femur_risk.pipeline.cache import finish, fitting_stages, remake
from femur_risk.pipeline.events import Listener
from femur_risk.pipeline.folder import exclusive_folder, is_intact
from femur_risk.pipeline.manifest import read_manifest
from femur_risk.pipeline.report import REPORT
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.settings import check_settings
from femur_risk.pipeline.stages import STAGES, stages_to

__all__ = ["rebuild_report"]


def rebuild_report(folder: Path, *, listener: Listener, language: Language | None = None) -> Path:
    """Write the report of a finished run anew from its artefacts, and return the folder.

    Another language than that of run.toml becomes its setting.

    Raises
    ------
    MissingInputError
        If the folder holds no run.
    InputError
        If the run is not finished, an artefact is not what the run wrote, or one was made with
        other settings than run.toml holds.
    """
    if not (folder / layout.MANIFEST).is_file():
        raise MissingInputError(
            found=f"no {layout.MANIFEST} in the given folder",
            expected="the folder of a case, as 'femur-fea run' leaves it: DIR/<case_id>",
            remedy="check the path",
        )
    config = load_config(folder / layout.SETTINGS)
    if language is not None:
        config = config.model_copy(update={"report": ReportConfig(language=language)})
    check_settings(config)
    with exclusive_folder(folder):
        run = _run_on_disk(config, folder, listener)
        _check_finished(run)
        remake(run, REPORT)
        return finish(run, made=[REPORT.name])


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
        ranks=config.solver.ranks,
        chain=STAGES,
    )


def _check_finished(run: Run) -> None:
    manifest = read_manifest(run.folder, case_id=run.case_id)
    fitting = fitting_stages(run, manifest)
    needed = [stage.name for stage in stages_to("risk", lesion=run.has_lesion)]
    doubtful = [
        name
        for name in needed
        if name not in fitting or not is_intact(run.folder, fitting[name].artefacts)
    ]
    if doubtful:
        raise InputError(
            found=f"a run whose stages {', '.join(doubtful)} are missing, were changed, or were "
            f"made with other settings or versions than those of {layout.SETTINGS} and of now",
            expected="a finished run as 'femur-fea run' leaves it",
            remedy="call 'femur-fea run' again with the same inputs and --out",
        )
