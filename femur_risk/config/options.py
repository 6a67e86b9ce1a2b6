"""Options of the command line that stand for a setting: the one list of their names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAliasType, get_args, get_origin

from femur_risk.config.models import RunConfig

__all__ = ["OPTIONS", "Option", "option_name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option; what it takes follows from the type of its setting.

    Attributes
    ----------
    name : str
        The option as it is typed.
    place : str
        Sections and key of the setting, with dots between.
    help : str
        What it is for, in a line.
    value : str
        What stands for its value in the help; empty for the words that it may be.
    """

    name: str
    place: str
    help: str
    value: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that it may be; none where it may be any."""
        return tuple(kind for kind in _kinds(_annotation(self.place)) if isinstance(kind, str))

    @property
    def metavar(self) -> str:
        """What stands for its value in the help."""
        return self.value or "|".join((*self.choices, *(("N",) if self.takes_number else ())))

    @property
    def takes_number(self) -> bool:
        """Whether it may be a number."""
        return not {int, float}.isdisjoint(_kinds(_annotation(self.place)))

    @property
    def takes_list(self) -> bool:
        """Whether it takes several values."""
        return tuple in _kinds(_annotation(self.place))


OPTIONS = (
    Option(
        name="--ct",
        place="input.ct",
        help="DICOM folder, .nii, .nii.gz, .nrrd, .mha or .mhd.",
        value="PATH",
    ),
    Option(
        name="--series",
        place="input.series",
        help="Number of the DICOM series, where there are several.",
    ),
    Option(
        name="--femur",
        place="input.femur",
        help="Mask of the femur on the CT's grid.",
        value="MASK",
    ),
    Option(name="--lesion", place="input.lesion", help="Mask of the lesion.", value="MASK"),
    Option(
        name="--femur-label",
        place="input.femur_label",
        help="Number of the femur, in a mask of several structures.",
    ),
    Option(
        name="--lesion-label",
        place="input.lesion_label",
        help="Number of the lesion, in a mask of several structures.",
    ),
    Option(name="--side", place="input.side", help="Side; detected where absent."),
    Option(
        name="--mass-kg",
        place="input.mass_kg",
        help="Body mass, for strength in body weights.",
        value="KG",
    ),
    Option(
        name="--pain",
        place="risk.pain",
        help="Pain at the lesion; 'functional' grows under weight.",
    ),
    Option(
        name="--recalibration",
        place="input.recalibration",
        help="The recalibration.json of 'femur-fea validate', for the risk.",
        value="FILE",
    ),
    Option(
        name="--case-id",
        place="input.case_id",
        help="Pseudonym; a hash of the scan where absent.",
        value="TEXT",
    ),
    Option(
        name="--loads",
        place="loads.names",
        help="Load cases, such as stance,fall; commas or repeated.",
        value="NAMES",
    ),
    Option(name="--calibration", place="calibration.method", help="How CT numbers become density."),
    Option(
        name="--phantom",
        place="calibration.phantom.name",
        help="Phantom in the scan, such as qrm_bdc_6.",
        value="NAME",
    ),
    Option(
        name="--rods",
        place="input.rods",
        help="Regions of its rods; found where absent.",
        value="MASK",
    ),
    Option(name="--preset", place="preset.name", help="See 'femur-fea presets'.", value="NAME"),
    Option(
        name="--model",
        place="solver.model",
        help="That of the preset, which another one contradicts.",
    ),
    Option(
        name="--tier",
        place="solver.tier",
        help="surrogate: not available in this version; auto: fe.",
    ),
    Option(
        name="--edge-length-mm",
        place="mesh.edge_length_mm",
        help="Edge length of the mesh; that of the preset where absent.",
        value="MM",
    ),
    Option(
        name="--element",
        place="mesh.element",
        help="tet10 where absent; hex8: cubes straight from the mask.",
    ),
    Option(
        name="--frame",
        place="mesh.frame",
        help="Axes from the bone itself, or from the shape model registered to it.",
    ),
    Option(
        name="--mapping",
        place="mapping.method",
        help="Stiffness at points of a cell, or averaged over its volume.",
    ),
    Option(
        name="--edge-voxels",
        place="mapping.edge_voxels",
        help="Layers of the mask's edge corrected for muscle in their voxels.",
    ),
    Option(
        name="--cortex",
        place="mapping.cortex",
        help="Whether the cortex of the shaft is stiffer along it.",
    ),
    Option(
        name="--cortical-blur",
        place="mapping.cortical_blur",
        help="Whether the blur of a thin cortex is undone by a fitted layer.",
    ),
    Option(
        name="--blur-fwhm-mm",
        place="mapping.blur_fwhm_mm",
        help="For restored: the scanner's point spread; measured where absent.",
        value="MM",
    ),
    Option(
        name="--ranks",
        place="solver.ranks",
        help="MPI ranks that solve together; auto: all cores.",
    ),
    Option(
        name="--export",
        place="solver.export",
        help="Each load's elastic model for CalculiX or FEBio, fields as XDMF; commas or repeated.",
    ),
    Option(
        name="--uncertainty",
        place="uncertainty.mode",
        help="90 % interval of strength: to first order, by samples, or none.",
    ),
)


def option_name(place: str) -> str | None:
    """Return the option that stands for a setting; None where there is none."""
    return next((option.name for option in OPTIONS if option.place == place), None)


def _annotation(place: str) -> Any:
    *sections, key = place.split(".")
    table: Any = RunConfig()
    for section in sections:
        table = getattr(table, section)
    return type(table).model_fields[key].annotation


def _kinds(annotation: Any) -> Iterator[object]:
    """Yield every word and type that an annotation admits, a list's type before its items'."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, TypeAliasType):
        yield from _kinds(annotation.__value__)
    elif origin is Literal:
        yield from parts
    elif origin is Annotated:
        yield from _kinds(parts[0])
    elif parts:
        yield from (origin,) if origin is tuple else ()
        for part in parts:
            yield from _kinds(part)
    else:
        yield annotation
