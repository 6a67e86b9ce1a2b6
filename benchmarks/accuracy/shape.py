"""How well the shape model follows femora that it has not seen, and how true its femora are.

    uv run python benchmarks/accuracy/shape.py --data ../shared/data [--out FILE] [--plot FILE]

Leave one out: the four femora of LibHip are registered to models made without the person, and the
ten of Narra et al. 2018, which are in no model, to the shipped one. `mean`, `p95`: distance of the
surface from the registered model in mm; `modes`: by pose, size and modes alone. `held_out`: points
next to which the registered model saw no surface, as each femur is cut 40 mm higher than it is.
Modes: variance held by the first modes, distance of unseen persons from them, and distance of
random femora from the nearest real one. Anatomy: 1000 random femora beside published ones.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.domain import FloatArray, Side, TriangleSurface
from meshing.shape import (
    Registration,
    ShapeModel,
    draw_femur,
    find_side,
    load_shape_model,
    local_field,
    register_surface,
    registered_frame,
)
from meshing.shape.build import TrainingFemora, build_model, read_training_femora
from meshing.shape.distance import distances_to_surface
from meshing.shape.sources import SOURCES, read_surface
from meshing.shape.statistics import (
    compactness,
    generalisation,
    modes_of,
    person_weights,
    specificity,
)

ROOT = Path(__file__).resolve().parents[2]
N_RANDOM = 1000
N_RICCI = 10
COUNTS = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12]
CUT_HIGHER = 40.0  # mm
PUBLISHED: list[dict[str, Any]] = [
    {
        "measure": "head_radius",
        "unit": "mm",
        "published": "21.6 women, 24.3 men, 22.8 all; 23.1 in the USA",
        "source": "Cho et al. 2015, table 3, doi:10.1155/2015/730538 (diameters of spheres)",
    },
    {
        "measure": "neck_shaft_angle",
        "unit": "deg",
        "published": "median 122.2, quartiles 117.9 and 125.6, range 100.1 to 146.2",
        "source": "Hartel et al. 2016, 1070 CT, in space, doi:10.1371/journal.pone.0149480",
    },
    {
        "measure": "neck_shaft_angle",
        "unit": "deg",
        "published": "mean 129.2",
        "source": "Toogood et al. 2009, 375 bones, photographs, doi:10.1007/s11999-008-0473-3",
    },
    {
        "measure": "anteversion",
        "unit": "deg",
        "published": "median 14.2, quartiles 7.4 and 20.4, range -23.6 to 48.7",
        "source": "Hartel et al. 2016, 1070 CT, doi:10.1371/journal.pone.0149480",
    },
    {
        "measure": "anteversion",
        "unit": "deg",
        "published": "mean 9.7",
        "source": "Toogood et al. 2009, 375 bones, photographs, doi:10.1007/s11999-008-0473-3",
    },
    {
        "measure": "bow_radius",
        "unit": "mm",
        "published": "mean 1120, SD 260 (canal); 1450, SD 550 (front)",
        "source": "3922 femora by CT, J Orthop Trauma 2014;28:6, doi:10.1097/BOT.0b013e31829ff3c9",
    },
    {
        "measure": "length",
        "unit": "mm",
        "published": "428 women, 459 men, 448 all, British; 402, 432, 415 Korean",
        "source": "Cho et al. 2015, table 3, doi:10.1155/2015/730538 (osteometric board)",
    },
]


def main() -> int:
    """Measure and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/shape.json")
    parser.add_argument("--plot", type=Path, default=ROOT / "docs/images/shape.svg")
    options = parser.parse_args()
    femora, model = read_training_femora(options.data), load_shape_model()
    drawn = draw(model)
    content = {
        "femora": len(femora.persons),
        "persons": len(np.unique(femora.persons)),
        "local_sd_mm": round(float(np.median(model.local_sd)), 2),
        "local_length_mm": round(model.local_length, 1),
        "left_out": left_out(femora, options.data) + strangers(model, options.data),
        "modes": curves(femora),
        "anatomy": anatomy(drawn),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    plot(content, drawn, options.plot)
    print(json.dumps(content, indent=2))
    return 0


def left_out(femora: TrainingFemora, data: Path) -> list[dict[str, Any]]:
    """Return the errors of the clinical femora in models without the person."""
    source = next(s for s in SOURCES if s.folder == "proximal-femurs-libhip")
    models = {
        person: build_model(femora.without(person))
        for person in {femur.person for femur in source.femora}
    }
    return [
        errors(
            f"LibHip {femur.person} {femur.side}",
            models[femur.person],
            read_surface(data / source.folder / femur.file),
            femur.side,
        )
        for femur in source.femora
    ]


def strangers(model: ShapeModel, data: Path) -> list[dict[str, Any]]:
    """Return the errors of femora of no training set, in the shipped model."""
    rows = []
    for number in range(1, N_RICCI + 1):
        surface = read_surface(data / f"proximal-femurs-ricci/femur_{number:02d}.ply")
        side = find_side(model, surface)
        rows.append(errors(f"Narra {number} {side}", model, surface, side))
    return rows


def errors(name: str, model: ShapeModel, surface: TriangleSurface, side: Side) -> dict[str, Any]:
    """Return how well one femur is followed."""
    found = register_surface(model, surface, side=side)
    quality = found.quality
    row = {
        "femur": name,
        "mean_mm": quality.mean,
        "p95_mm": quality.p95,
        "largest_mm": quality.largest,
        "modes_mean_mm": quality.modes_mean,
        "modes_p95_mm": quality.modes_p95,
        "held_out_mean_mm": held_out(model, surface, found),
    }
    return {key: round(v, 3) if isinstance(v, float) else v for key, v in row.items()}


def held_out(model: ShapeModel, surface: TriangleSurface, found: Registration) -> float | None:
    """Return how far a cut shaft lies from its completion, mm; None where there is none to cut."""
    frame = registered_frame(found)
    heights = frame.to_frame(surface.points)[:, 2]
    cut = heights.min() + CUT_HIGHER
    lesser = frame.to_frame(frame.lesser_trochanter[None])[0, 2]
    if cut > lesser:
        return None
    kept = (heights[surface.triangles] > cut).all(axis=1)
    used, compact = np.unique(surface.triangles[kept], return_inverse=True)
    shorter = TriangleSurface(points=surface.points[used], triangles=compact.reshape(-1, 3))
    completed = register_surface(model, shorter, side=found.side)
    # away from the flat end, whose points lie on no shaft
    away = surface.points[(heights < cut) & (heights > cut - CUT_HIGHER + 4.0)]
    return float(distances_to_surface(away, completed.surface).mean())


def curves(femora: TrainingFemora) -> list[dict[str, Any]]:
    """Return compactness, generalisation and specificity by the number of modes."""
    mean, modes = modes_of(femora.shapes, person_weights(femora.persons))
    held = np.concatenate([[0.0], compactness(modes)])
    unseen = generalisation(femora.shapes, femora.persons, COUNTS)
    rows = []
    for count, error in zip(COUNTS, unseen, strict=True):
        rng = np.random.default_rng(0)
        apart = specificity(femora.shapes, mean, modes[:count], n_samples=200, rng=rng)
        rows.append(
            {
                "modes": count,
                "variance_held": round(float(held[count]), 4),
                "unseen_persons_mm": round(float(error), 3),
                "random_to_nearest_mm": round(apart, 3),
            }
        )
    return rows


def draw(model: ShapeModel) -> dict[str, FloatArray]:
    """Return what random femora measure, in mm and degrees."""
    rng, local = np.random.default_rng(0), local_field(model)
    found = [draw_femur(model, local, side="right", rng=rng).anatomy for _ in range(N_RANDOM)]
    return {
        "head_radius": np.array([a.head_radius for a in found]),
        "neck_shaft_angle": np.rad2deg([a.neck_shaft_angle for a in found]),
        "anteversion": np.rad2deg([a.anteversion for a in found]),
        "bow_radius": np.array([a.bow_radius for a in found]),
        "length": np.array([a.length for a in found]),
        "neck_length": np.array([a.neck_length for a in found]),
        "shaft_diameter": np.array([a.shaft_diameter for a in found]),
    }


def anatomy(drawn: dict[str, FloatArray]) -> list[dict[str, Any]]:
    """Return the distribution of random femora beside published ones."""
    rows = []
    for published in PUBLISHED:
        values = drawn[published["measure"]]
        low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
        rows.append(
            {
                **{key: published[key] for key in ("measure", "unit")},
                "model": f"median {middle:.4g}, quartiles {low:.4g} and {high:.4g}, "
                f"mean {values.mean():.4g}, SD {values.std():.3g}",
                **{key: published[key] for key in ("published", "source")},
            }
        )
    return rows


def plot(content: dict[str, Any], drawn: dict[str, FloatArray], path: Path) -> None:
    """Draw the three curves and three distributions."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "femur-fea"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, 3, figsize=(10.0, 5.6), layout="constrained")
    count = [row["modes"] for row in content["modes"]]
    for axis, (key, label) in zip(
        axes[0],
        {
            "variance_held": "compactness: variance held",
            "unseen_persons_mm": "generalisation: unseen persons, mm",
            "random_to_nearest_mm": "specificity: random femora, mm",
        }.items(),
        strict=True,
    ):
        axis.plot(count, [row[key] for row in content["modes"]], "o-", color="#2a5d84")
        axis.set(xlabel="modes", title=label, ylim=(0.0, None))
    bands = {
        "head_radius": ("head radius, mm", (21.6, 24.3), "women to men, Cho 2015"),
        "neck_shaft_angle": ("neck-shaft angle, deg", (117.9, 125.6), "quartiles, Hartel 2016"),
        "anteversion": ("anteversion, deg", (7.4, 20.4), "quartiles, Hartel 2016"),
    }
    for axis, (key, (label, band, told)) in zip(axes[1], bands.items(), strict=True):
        axis.hist(drawn[key], bins=30, color="#9db9cd")
        axis.axvspan(*band, color="#c8742b", alpha=0.35, label=told)
        axis.axvline(float(np.median(drawn[key])), color="#2a5d84", label="median of the model")
        axis.set(xlabel=label, yticks=[])
        axis.legend(fontsize="small")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    sys.exit(main())
