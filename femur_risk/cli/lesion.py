"""`lesion`: put virtual lesions into the CT of a femur."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from femur_fea.errors import ConfigError
from femur_risk.cli.words import read_not_negative, read_real, read_side, read_whole, wrong_word

if TYPE_CHECKING:
    from femur_risk.cli.screen import Screen
    from femur_risk.pipeline import WantedLesion

__all__ = ["lesion"]


def lesion(
    ct: Annotated[
        Path, typer.Option(metavar="PATH", help="DICOM folder, .nii, .nii.gz, .nrrd, .mha or .mhd.")
    ],
    femur: Annotated[
        Path, typer.Option(metavar="MASK", help="Mask of the femur on the CT's grid.")
    ],
    site: Annotated[
        list[str],
        typer.Option(
            metavar="NAME",
            help="neck, intertrochanteric, subtrochanteric or diaphyseal, _ and a direction such "
            "as medial or anterolateral; several lesions: repeat.",
        ),
    ],
    diameter_mm: Annotated[
        list[str], typer.Option(metavar="MM", help="Of a ball of its volume; one for all, or each.")
    ],
    kind: Annotated[
        list[str], typer.Option(metavar="lytic|blastic|mixed", help="One for all, or each.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for CT, masks, healed twin and lesion.json.")],
    series: Annotated[
        str | None, typer.Option(metavar="N", help="Number of the DICOM series.")
    ] = None,
    femur_label: Annotated[
        str | None,
        typer.Option(metavar="N", help="Number of the femur, in a mask of several structures."),
    ] = None,
    side: Annotated[
        str | None, typer.Option(metavar="left|right", help="Side; detected where absent.")
    ] = None,
    growth_mm: Annotated[
        str | None,
        typer.Option(metavar="MM,MM,...", help="Diameters of the first lesion at time points."),
    ] = None,
    roughness: Annotated[
        str, typer.Option(metavar="X", help="Waves of the outline over its radius; 0 is smooth.")
    ] = "0.12",
    rim_mm: Annotated[str, typer.Option(metavar="MM", help="Thickness of a sclerotic rim.")] = "0",
    kept_cortex_mm: Annotated[
        str, typer.Option(metavar="MM", help="Layer under the surface that is spared; 0: breach.")
    ] = "0",
    extension_mm: Annotated[
        str, typer.Option(metavar="MM", help="How far it may reach into soft tissue.")
    ] = "0",
    blur_mm: Annotated[
        str | None,
        typer.Option(
            metavar="MM",
            help="Standard deviation of the scanner's point spread; 0.65 where absent, as of a "
            "sharp soft-tissue kernel.",
        ),
    ] = None,
    seed: Annotated[str, typer.Option(metavar="N", help="Draws outline and content.")] = "0",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the description as JSON, all else to stderr.")
    ] = False,
) -> None:
    """Put virtual lesions into the CT of a femur; the scan as it was is the healed twin."""
    from femur_risk.cli.screen import open_screen
    from femur_risk.pipeline import LesionAppearance, LesionScan, plant_lesions

    scan = LesionScan(
        ct=ct,
        femur=femur,
        series=read_whole("series", series) if series is not None else None,
        femur_label=read_whole("femur-label", femur_label) if femur_label is not None else None,
        side=read_side(side),
    )
    appearance = LesionAppearance(
        roughness=read_real("roughness", roughness),
        rim=read_real("rim-mm", rim_mm),
        kept_cortex=read_real("kept-cortex-mm", kept_cortex_mm),
        extension=read_real("extension-mm", extension_mm),
        seed=read_whole("seed", seed),
    )
    wanted = _wanted(site, diameter_mm, kind)
    growth = [] if growth_mm is None else growth_mm.split(",")
    diameters = [read_real("growth-mm", part) for part in growth]
    blur = None if blur_mm is None else read_not_negative("blur-mm", blur_mm)
    with open_screen(as_json=as_json) as screen:
        described = plant_lesions(scan, wanted, appearance, out, growth=diameters, blur=blur)
        _show(screen, described, out)


def _wanted(sites: list[str], diameters: list[str], kinds: list[str]) -> "list[WantedLesion]":
    from femur_risk.pipeline import WantedLesion
    from meshing.lesions import LESION_KINDS

    for given in kinds:
        if given not in LESION_KINDS:
            raise wrong_word("kind", given, f"one of {', '.join(LESION_KINDS)}")
    each = [_for_all("diameter-mm", diameters, len(sites)), _for_all("kind", kinds, len(sites))]
    return [
        WantedLesion(site=site, diameter=read_real("diameter-mm", diameter), kind=kind)
        for site, diameter, kind in zip(sites, *each, strict=True)
    ]


def _for_all(option: str, given: list[str], count: int) -> list[str]:
    if len(given) not in (1, count):
        raise ConfigError(
            found=f"--{option} {len(given)} times for {count} site(s)",
            expected=f"once, or {count} times",
            remedy="give one for all lesions or one for each, in the order of the sites",
        )
    return given if len(given) == count else given * count


def _show(screen: "Screen", described: dict[str, Any], out: Path) -> None:
    if screen.wants_json:
        from femur_fea.io import read_json

        screen.print_json(read_json(out / "lesion.json"))
        return
    for one in described["lesions"]:
        screen.console.print(
            f"{one['kind']} lesion of {one['diameter_mm']:g} mm at {one['site']}", highlight=False
        )
    screen.console.print(
        f"{described['volume_in_bone_mm3'] / 1000.0:.2f} cm3 of bone replaced; simulated, so what"
        " follows from it holds for nobody",
        highlight=False,
    )
    screen.console.print(f"files          {out}", highlight=False, markup=False, soft_wrap=True)
