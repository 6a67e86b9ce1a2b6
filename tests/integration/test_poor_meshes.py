"""Meshes that are coarse or made of cells that are too stiff are warned of, with what they cost."""

from pathlib import Path
from typing import Any

from femur_fea.io import read_json


def test_a_coarse_mesh_of_linear_tetrahedra_is_warned_of_on_screen_and_in_the_manifest(
    femur_fea: Any, demo: Path, tmp_path: Path
) -> None:
    images = demo / "virtual-4547-input"
    scan = ("--ct", images / "ct.nii.gz", "--femur", images / "femur.nii.gz")
    poor = ("--edge-length-mm", "6", "--element", "tet4", "--case-id", "case", "--out", tmp_path)
    done = femur_fea("mesh", *scan, *poor)
    assert done.returncode == 0, done.stderr
    recorded = read_json(tmp_path / "case/manifest.json")["warnings"]
    for told in ("a coarse mesh, with edges of 6 mm", "linear tetrahedra (tet4)"):
        assert any(text.startswith(told) and "%" in text for text in recorded)
        assert f"warning: {told}" in done.stdout


def test_a_mesh_of_4_mm_of_quadratic_tetrahedra_is_not_warned_of(demo: Path) -> None:
    recorded = read_json(demo / "virtual-4547/manifest.json")["stages"]["mesh"]["warnings"]
    assert recorded == []
