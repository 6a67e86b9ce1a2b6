"""From a CT in memory to strength, with the library alone: no command line, no files.

uv run python examples/strength_of_a_virtual_femur.py
"""

from calibration import apply_curve, fixed_line
from femur_fea.domain import DensityField, LabelMask
from femur_fea.loads import LOAD_CASES
from femur_fea.mapping import heal, map_elasticity
from femur_fea.presets import PRESETS
from femur_fea.solver import solve_linear
from femur_fea.strength import evaluate_strength
from meshing import mesh_mask
from meshing.anatomy import find_frame
from meshing.handmade import handmade_patient


def main() -> None:
    """Print the strength of a virtual femur with and without its lesion."""
    patient = handmade_patient()
    preset = PRESETS["bologna"]
    line = fixed_line(patient.hu_slope, patient.hu_intercept, preset.density_kind)
    density = apply_curve(patient.ct, line)
    mesh = mesh_mask(patient.femur, edge_length=4.0, kind="tet10", side=patient.side)
    frame = find_frame(mesh.surface, patient.side)
    loads = [LOAD_CASES[name].apply(mesh, frame, fixed_length=10.0) for name in preset.load_names]

    def strengths(equivalent: DensityField, lesion: LabelMask | None) -> dict[str, float]:
        converted = preset.to_law_density(equivalent, patient.femur)
        mapped = map_elasticity(
            converted.density, patient.femur, mesh, preset.law, nu=preset.nu, lesion=lesion
        )
        results = solve_linear(mesh, mapped.elastic, loads)
        return {
            load.name: evaluate_strength(
                mesh, frame, result, load, preset.failure.criterion, bone=mapped.bone
            ).failure_load_N
            for load, result in zip(loads, results, strict=True)
        }

    with_lesion = strengths(density, patient.lesion)
    without = strengths(heal(density, patient.femur, patient.lesion).density, None)
    for name, strength in with_lesion.items():
        loss = 1.0 - strength / without[name]
        print(
            f"{name}: {strength:.0f} N with the lesion, {without[name]:.0f} N without, "
            f"loss {loss:.0%}"
        )


if __name__ == "__main__":
    main()
