"""Density and cortex of the virtual population against published figures.

    uv run python benchmarks/accuracy/virtual_density.py

Women and men are drawn from the population, each with the drawn demonstration femur in the size of
their sex. Their density is blurred to the resolution of a clinical scan and measured by region as
quantitative CT measures it; the published means and standard deviations stand beside. Figures that
the generator was made from, or whose choices were made with them in view, are marked; the others
are predicted. All people of a sex have one shape, so spreads are those of density and cortex alone.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage

from femur_fea.domain import DensityField
from meshing.bone import (
    BoneGeometry,
    RegionMeasure,
    draw_quality,
    fill_bone,
    mean_quality,
    measure_regions,
    measure_thickness,
    mix_edge,
)
from meshing.handmade import handmade_geometry
from meshing.shape import Sex

RESULT = Path(__file__).resolve().parents[1] / "results" / "virtual_density.json"
SIZES: dict[Sex, float] = {"female": 0.92, "male": 1.03}  # of the demonstration's 24 mm of head
MUSCLE = 0.04  # g/cm3
BLUR = (0.8, 0.8, 1.1)  # mm, standard deviation: soft kernel, slices of 3 mm
SPACING = 1.2  # mm
FINE = 0.8  # mm, for thickness, without blur

CHENG = "Cheng et al. 2009, doi:10.3760/cma.j.issn.1005-1201.2009.02.003, 66 women over 65"
SECTIONS = "Invest Radiol 1997;32:83, 20 femora in vitro"
POOLE = "Poole et al. 2010, J Bone Miner Res 25:482, 100 women"
CHANG = (
    "Chang et al. 2016, doi:10.13418/j.issn.1001-165x.2016.01.011, 20 patients with trochanteric"
    " fractures (abstract)"
)
RIGGS = "Riggs et al. 2004, J Bone Miner Res, PMID 15537436, 696 people"

type Row = dict[str, Any]


def main() -> None:
    """Measure the population and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=24, help="of each sex and age")
    people = parser.parse_args().people
    shapes = {sex: handmade_geometry(spacing=SPACING, scale=size) for sex, size in SIZES.items()}
    regions = [
        {"sex": sex, "age": age, **row}
        for sex in SIZES
        for age in (25, 50, 75)
        for row in population(shapes[sex], sex, age, people)
    ]
    content = {
        "people_of_each_sex_and_age": people,
        "population": regions,
        "cortex": list(cortices()),
        "against_published": list(comparisons(shapes, people)),
    }
    RESULT.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(f"{'quantity':60s} published        found")
    for row in content["against_published"]:
        print(f"{row['quantity']:60s} {row['published']:16s} {row['found']}")


def scanned(geometry: BoneGeometry, sex: Sex, age: float, seed: int) -> DensityField:
    """Return the density of one person as a clinical scan shows it, without noise."""
    quality = draw_quality(age, sex, np.random.default_rng([seed, int(age), len(sex)]))
    image = mix_edge(fill_bone(geometry, quality), geometry, surroundings=MUSCLE)
    blurred = ndimage.gaussian_filter(image.rho, np.array(BLUR) / geometry.grid.spacing)
    return DensityField(grid=image.grid, rho=blurred, kind=image.kind)


def people_of(
    geometry: BoneGeometry, sex: Sex, age: float, people: int
) -> list[dict[str, RegionMeasure]]:
    """Return the regions of each person by name."""
    return [
        {r.name: r for r in measure_regions(scanned(geometry, sex, age, seed), geometry)}
        for seed in range(people)
    ]


def population(geometry: BoneGeometry, sex: Sex, age: float, people: int) -> Iterator[Row]:
    """Yield mean and standard deviation of each region's measures."""
    drawn = people_of(geometry, sex, age, people)
    for name in ("head", "neck", "trochanter", "neck_and_trochanter", "shaft"):
        row: Row = {"region": name}
        for key, unit in (
            ("integral", "g_per_cm3"),
            ("trabecular", "g_per_cm3"),
            ("cortical", "g_per_cm3"),
            ("mineral", "g"),
        ):
            row[f"{key}_{unit}"] = mean_sd(values_of(drawn, name, key))
        yield row


def comparisons(shapes: dict[Sex, BoneGeometry], people: int) -> Iterator[Row]:
    """Yield what can be compared with a published figure."""
    women = people_of(shapes["female"], "female", 72, people)
    for name, key, published, made in (
        ("trochanter", "integral", "0.22 ± 0.04", "level chosen to match"),
        ("trochanter", "cortical", "0.49 ± 0.03", "porosity chosen with it in view"),
        ("neck", "cortical", "0.52 ± 0.04", "porosity chosen with it in view"),
    ):
        yield {
            "quantity": f"women of 72, {name}, {key} density, g/cm3",
            "published": published,
            "found": mean_sd(values_of(women, name, key)),
            "how": made,
            "source": CHENG,
        }
    for name, published in (("head", "78 %"), ("neck", "33 %")):
        found = 100.0 * values_of(women, name, "trabecular_share")
        yield {
            "quantity": f"trabecular share of mineral, {name}",
            "published": published,
            "found": f"{found.mean():.0f} ± {found.std():.0f} %",
            "how": "predicted; sections at the head's end and the narrowest of the neck published",
            "source": SECTIONS,
        }
    yield from losses(shapes, people)
    yield from thicknesses()


def losses(shapes: dict[Sex, BoneGeometry], people: int) -> Iterator[Row]:
    """Yield the part of density that is lost from 20 to 90 years."""
    published = {("trabecular", "female"): "55 %", ("trabecular", "male"): "46 %"}
    published |= {("integral", "female"): "39 to 55 %", ("integral", "male"): "34 to 46 %"}
    for (key, sex), told in published.items():
        young, old = (
            values_of(people_of(shapes[sex], sex, age, people), "neck", key).mean()
            for age in (20, 90)
        )
        yield {
            "quantity": f"loss of {key} density of the neck, 20 to 90 years, {sex}",
            "published": told,
            "found": f"{100.0 * (1.0 - old / young):.0f} %",
            "how": "made from it" if key == "trabecular" else "predicted; sites of the spine too",
            "source": RIGGS,
        }


def thicknesses() -> Iterator[Row]:
    """Yield the cortical thickness of neck and lateral wall of average people."""
    women, men = (handmade_geometry(spacing=FINE, scale=SIZES[sex]) for sex in ("female", "male"))
    for age, told in (
        (25, {"inferoanterior": "3.9", "superoposterior": "1.63"}),
        (85, {"inferoanterior": "3.3", "superoposterior": "0.33"}),
    ):
        measured = cortex_of(women, "female", age)
        for quadrant, published in told.items():
            yield {
                "quantity": f"cortex of the neck, {quadrant}, women of {age}, mm",
                "published": published,
                "found": f"{measured[f'neck_{quadrant}']:.2f}",
                "how": "made from it; found is the width at half of the peak, voxels of 0.8 mm",
                "source": POOLE,
            }
    found = [
        cortex_of(fine, sex, 80)["lesser_trochanter_lateral"]
        for fine, sex in ((women, "female"), (men, "male"))
    ]
    yield {
        "quantity": "lateral cortex at the lesser trochanter, women and men of 80, mm",
        "published": "2.3 ± 0.5",
        "found": f"{found[0]:.2f} and {found[1]:.2f}",
        "how": "predicted from the wall's published height and the shaft's thickness",
        "source": CHANG,
    }


def cortices() -> Iterator[Row]:
    """Yield the cortical thickness of average people by region."""
    for sex, size in SIZES.items():
        fine = handmade_geometry(spacing=FINE, scale=size)
        by_age = {age: cortex_of(fine, sex, age) for age in (25, 50, 75)}
        for name in by_age[25]:
            row = {f"age_{age}_mm": round(found[name], 1) for age, found in by_age.items()}
            yield {"sex": sex, "region": name, **row}


def cortex_of(geometry: BoneGeometry, sex: Sex, age: float) -> dict[str, float]:
    """Return the median thickness of an average person by region: widths at half of the peak."""
    bone = fill_bone(geometry, mean_quality(age, sex))
    measured = measure_thickness(mix_edge(bone, geometry, surroundings=MUSCLE), geometry)
    return {name: float(np.median(found)) for name, found in measured.items()}


def values_of(drawn: list[dict[str, RegionMeasure]], name: str, key: str) -> np.ndarray:
    """Return one measure of one region for all people."""
    return np.array([getattr(person[name], key) for person in drawn], dtype=float)


def mean_sd(values: np.ndarray) -> str:
    """Return mean and standard deviation as text."""
    return f"{values.mean():.2f} ± {values.std():.2f}"


if __name__ == "__main__":
    main()
