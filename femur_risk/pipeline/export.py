"""The elastic model of a load in the formats of other programs."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from femur_fea.domain import LoadCase
from femur_fea.io.export import ExportModel, export_model, write_feb, write_inp
from femur_risk.pipeline import layout
from femur_risk.pipeline.failure import LoadedFemur

__all__ = ["write_models"]

_WRITERS: Mapping[str, tuple[str, Callable[[Path, ExportModel], None]]] = {
    "ccx": ("inp", write_inp),
    "febio": ("feb", write_feb),
}


def write_models(
    place: Path, name: str, loaded: LoadedFemur, load: LoadCase, programs: Collection[str]
) -> None:
    """Write the elastic model of one load below `place`, for each solver among `programs`.

    Also of a nonlinear model: the solvers have other plasticities, and the elastic part compares.
    """
    solvers = [program for program in programs if program in _WRITERS]
    if not solvers:
        return
    model = export_model(loaded.mesh, loaded.mapped.elastic, load)
    for solver in solvers:
        suffix, write = _WRITERS[solver]
        write(place / layout.model_file(name, suffix), model)
