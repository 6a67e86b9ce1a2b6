"""A run as a viewer needs it, read from its folder."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, FemoralFrame, FloatArray, LabelMask
from femur_fea.errors import InputError, MissingInputError
from femur_fea.io import read_json, read_mesh
from femur_risk.config import load_config
from femur_risk.opened.fields import DENSITY_ARRAY, read_fields
from femur_risk.opened.scan import density_at_cells
from femur_risk.pipeline import LOAD_UNITS, layout, read_bone, read_element, read_lesion

__all__ = ["Solution", "ViewedRun", "open_run", "read_solution"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ViewedRun:
    """What does not change with the load.

    Attributes
    ----------
    folder : Path
        Folder of the run.
    case_id : str
        Pseudonym of the case.
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its frame.
    loads : tuple of str
        Names of the loads that were solved.
    twins : frozenset of str
        Those that were solved on the lesion-free twin too.
    lesion : LabelMask or None
        The lesion.
    simulated : bool
        Whether the patient is a virtual one.
    """

    folder: Path
    case_id: str
    mesh: BoneMesh
    frame: FemoralFrame
    loads: tuple[str, ...]
    twins: frozenset[str]
    lesion: LabelMask | None
    simulated: bool

    def titled(self, title: str) -> str:
        """Return the title of a figure, which says so where the patient is a virtual one."""
        return f"{title} (simulated)" if self.simulated else title

    @property
    def box(self) -> tuple[FloatArray, FloatArray]:
        """Corners of the box about the bone, lowest and highest, in the frame, (3,) each, mm."""
        points = self.frame.to_frame(self.mesh.points)
        return points.min(axis=0), points.max(axis=0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """The solution under one load, of the bone as it is or of its twin.

    Attributes
    ----------
    fields : mapping of (n_cells,)
        One value of each cell, by the names of `FIELDS`.
    displacement : (n_points, 3), mm
        Of the points, in LPS.
    judged : (n_cells,), bool
        Cells in which failure is looked for.
    site : (3,), mm
        Where it fails, in LPS.
    site_words : str
        The same in words: region and mode.
    load_words : str
        At which load the fields hold and at which it fails.
    """

    fields: dict[str, FloatArray]
    displacement: FloatArray
    judged: BoolArray
    site: FloatArray
    site_words: str
    load_words: str


def open_run(folder: Path) -> ViewedRun:
    """Read what a viewer needs of a run before a load is chosen.

    Raises
    ------
    MissingInputError
        If the folder holds no run.
    InputError
        If nothing was solved in it yet.
    """
    if not (folder / layout.MANIFEST).is_file():
        raise MissingInputError(
            found=f"no {layout.MANIFEST} in the given folder",
            expected="the folder of a case, as 'femur-fea run' leaves it: DIR/<case_id>",
            remedy="check the path",
        )
    solved = _solved_loads(folder)
    healed = {name: layout.twin_name(name, healed=True) for name in solved}
    loads = tuple(name for name in solved if name not in healed.values())
    if not loads:
        raise InputError(
            found="a run without a solved load",
            expected="field.vtu and result.json of at least one load below fe/",
            remedy="call 'femur-fea run' again with the same inputs and --out",
        )
    mesh, frame = read_bone(folder)
    return ViewedRun(
        folder=folder,
        case_id=str(read_json(folder / layout.MANIFEST)["case_id"]),
        mesh=mesh,
        frame=frame,
        loads=loads,
        twins=frozenset(name for name in loads if healed[name] in solved),
        lesion=read_lesion(folder) if (folder / layout.LESION).is_file() else None,
        simulated=load_config(folder / layout.SETTINGS).input.simulated,
    )


def read_solution(run: ViewedRun, load: str, *, healed: bool) -> Solution:
    """Return the solution under a load, of the bone or of its twin."""
    name = layout.twin_name(load, healed=healed)
    file = read_mesh(
        run.folder / layout.field_file(name), kind=read_element(run.folder), side=run.frame.side
    )
    result = read_json(run.folder / layout.result_file(name))
    site, units = result["weakest_site"], LOAD_UNITS[result["quantity"]]
    force = result[f"fields_{result['quantity']}_{units.suffix}"]
    strength = result[f"strength_{units.suffix}"]
    stored = dict(file.cell_data)
    if not healed:  # the twin's is not stored
        stored[DENSITY_ARRAY] = density_at_cells(run.folder, run.mesh)
    return Solution(
        fields=read_fields(stored),
        displacement=np.asarray(file.point_data["displacement_mm"], dtype=float),
        judged=np.asarray(file.cell_data["judged"], dtype=bool),
        site=np.array(site["point_mm"], dtype=float),
        site_words=f"{site['region']}, in {site['mode']}",
        load_words=f"{result['load']} at {force:,.0f} {units.label}; "
        f"fails at {strength:,.0f} {units.label}",
    )


def _solved_loads(folder: Path) -> list[str]:
    names = sorted(path.parent.name for path in folder.glob("fe/*/result.json"))
    return [name for name in names if (folder / layout.field_file(name)).is_file()]
