"""`run` and its stages one by one: the same options, another place to stop."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from femur_fea.errors import UnavailableError
from femur_risk.cli.usage import number

if TYPE_CHECKING:
    from femur_fea.solver import Ranks
    from femur_risk.pipeline import Goal

__all__ = ["stage_command"]


def stage_command(goal: "Goal") -> Callable[..., None]:
    """Return the command that carries a case up to `goal`."""

    def command(
        context: typer.Context,
        ct: Annotated[
            str | None,
            typer.Option(metavar="PATH", help="DICOM folder, .nii, .nii.gz, .nrrd, .mha or .mhd."),
        ] = None,
        series: Annotated[
            int | None,
            typer.Option(metavar="N", help="Number of the DICOM series, where there are several."),
        ] = None,
        femur: Annotated[
            str | None, typer.Option(metavar="MASK", help="Mask of the femur on the CT's grid.")
        ] = None,
        lesion: Annotated[
            str | None, typer.Option(metavar="MASK", help="Mask of the lesion.")
        ] = None,
        femur_label: Annotated[
            str | None,
            typer.Option(metavar="N", help="Number of the femur, in a mask of several structures."),
        ] = None,
        lesion_label: Annotated[
            str | None,
            typer.Option(
                metavar="N", help="Number of the lesion, in a mask of several structures."
            ),
        ] = None,
        side: Annotated[
            str | None,
            typer.Option(metavar="left|right", help="Side; detected where absent."),
        ] = None,
        mass_kg: Annotated[
            str | None,
            typer.Option(metavar="KG", help="Body mass, for strength in body weights."),
        ] = None,
        pain: Annotated[
            str | None, typer.Option(help="For the risk. Not available in this version.")
        ] = None,
        loads: Annotated[
            str | None, typer.Option(metavar="NAMES", help="Load cases, such as stance,fall.")
        ] = None,
        calibration: Annotated[
            str | None,
            typer.Option(
                metavar="METHOD",
                help="CT to density: average, fixed, phantom, air_fat_muscle or multi_tissue.",
            ),
        ] = None,
        phantom: Annotated[
            str | None,
            typer.Option(metavar="NAME", help="Phantom in the scan, such as qrm_bdc_6."),
        ] = None,
        rods: Annotated[
            str | None,
            typer.Option(metavar="MASK", help="Regions of its rods; found where absent."),
        ] = None,
        preset: Annotated[
            str | None, typer.Option(metavar="NAME", help="See 'femur-fea presets'.")
        ] = None,
        model: Annotated[
            str | None,
            typer.Option(
                metavar="linear|nonlinear",
                help="That of the preset, which another one contradicts.",
            ),
        ] = None,
        tier: Annotated[
            str | None,
            typer.Option(
                metavar="fe|surrogate|auto",
                help="surrogate: not available in this version; auto: fe.",
            ),
        ] = None,
        edge_length_mm: Annotated[
            str | None, typer.Option(metavar="MM", help="Edge length of the mesh.")
        ] = None,
        element: Annotated[
            str | None,
            typer.Option(
                metavar="tet10|tet4|hex8",
                help="tet10 where absent; hex8: cubes straight from the mask.",
            ),
        ] = None,
        mapping: Annotated[
            str | None,
            typer.Option(
                metavar="points|cell_average",
                help="Stiffness at points of a cell, or averaged over its volume.",
            ),
        ] = None,
        edge_voxels: Annotated[
            str | None,
            typer.Option(
                metavar="N", help="Layers of the mask's edge corrected for muscle in their voxels."
            ),
        ] = None,
        cortex: Annotated[
            str | None,
            typer.Option(
                metavar="isotropic|transversely_isotropic",
                help="Whether the cortex of the shaft is stiffer along it.",
            ),
        ] = None,
        cortical_blur: Annotated[
            str | None,
            typer.Option(
                metavar="kept|restored",
                help="Whether the blur of a thin cortex is undone by a fitted layer.",
            ),
        ] = None,
        blur_fwhm_mm: Annotated[
            str | None,
            typer.Option(
                metavar="MM",
                help="For restored: the scanner's point spread; measured where absent.",
            ),
        ] = None,
        ranks: Annotated[
            str | None,
            typer.Option(metavar="N|auto", help="MPI ranks that solve together; auto: all cores."),
        ] = None,
        export: Annotated[
            list[str] | None,
            typer.Option(
                metavar="ccx|febio|xdmf",
                help="Each load's elastic model for CalculiX or FEBio, fields as XDMF; commas "
                "or repeated.",
            ),
        ] = None,
        uncertainty: Annotated[
            str | None,
            typer.Option(
                metavar="fast|full|off",
                help="90 % interval of strength: to first order, by samples, or none.",
            ),
        ] = None,
        config: Annotated[
            Path | None, typer.Option(metavar="FILE", help="Settings; options come first.")
        ] = None,
        out: Annotated[Path, typer.Option(help="Folder for DIR/<case_id>.")] = Path("runs"),
        case_id: Annotated[
            str | None, typer.Option(help="Pseudonym; a hash of the scan where absent.")
        ] = None,
        as_json: Annotated[
            bool, typer.Option("--json", help="Print the result as JSON, all else to stderr.")
        ] = False,
    ) -> None:
        _refuse_pain(pain)
        overrides: dict[str, dict[str, Any]] = {
            "input": {
                "ct": ct,
                "series": series,
                "femur": femur,
                "lesion": lesion,
                "rods": rods,
                "femur_label": number(femur_label),
                "lesion_label": number(lesion_label),
                "side": side,
                "mass_kg": number(mass_kg),
                "case_id": case_id,
            },
            "calibration": {"method": calibration, "phantom": {"name": phantom}},
            "loads": {"names": _names(loads)},
            "preset": {"name": preset},
            "solver": {
                "model": model,
                "tier": tier,
                "ranks": number(ranks),
                "export": _programs(export),
            },
            "mesh": {"edge_length_mm": number(edge_length_mm), "element": element},
            "uncertainty": {"mode": uncertainty},
            "mapping": {
                "method": mapping,
                "edge_voxels": number(edge_voxels),
                "cortex": cortex,
                "cortical_blur": cortical_blur,
                "blur_fwhm_mm": number(blur_fwhm_mm),
            },
        }
        _carry_out(goal, config, overrides, out, as_json=as_json, ranks=context.obj)

    return command


def _carry_out(
    goal: "Goal",
    config: Path | None,
    overrides: dict[str, dict[str, Any]],
    out: Path,
    *,
    as_json: bool,
    ranks: "Ranks | None",
) -> None:
    from femur_risk.cli.results import show_result
    from femur_risk.cli.screen import open_screen
    from femur_risk.config import read_overrides, resolve_config
    from femur_risk.pipeline import run_case, stages_to

    settings = resolve_config(read_overrides(config) if config else {}, overrides)
    with open_screen(as_json=as_json) as screen:
        total = len(stages_to(goal, lesion=settings.input.lesion is not None))
        with screen.stages(total) as listener:
            outcome = run_case(settings, out, goal=goal, listener=listener, ranks=ranks)
        show_result(screen, goal, outcome)


def _names(text: str | None) -> list[str] | None:
    return None if text is None else [name.strip() for name in text.split(",")]


def _programs(given: list[str] | None) -> list[str] | None:
    return None if given is None else _names(",".join(given))


def _refuse_pain(pain: str | None) -> None:
    if pain is not None:
        raise UnavailableError(
            found="the option --pain, which is not available in this version",
            expected="a run up to strength and its report",
            remedy="leave the option out; the risk of fracture belongs to a later version",
        )
