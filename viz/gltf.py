"""Coloured surfaces as one binary glTF 2.0 file."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.io import atomic_path
from viz.scene.scene import ScenePart

__all__ = ["write_glb"]

_MAGIC, _VERSION = 0x46546C67, 2
_JSON, _BIN = 0x4E4F534A, 0x004E4942
_FLOAT, _BYTE, _ARRAY_BUFFER = 5126, 5121, 34962
_MM = 1e-3  # glTF is in metres
# proximal of the femoral frame upwards, its anterior to the front: glTF has y up and looks at +z
_TURN = np.array(((1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 1.0, 0.0)))


def write_glb(path: Path, parts: Mapping[str, ScenePart]) -> None:
    """Write parts of a scene, one mesh each, with the colour of every polygon.

    Every triangle has corners of its own, so that its colour does not bleed into the next one.

    Parameters
    ----------
    path : Path
        The .glb file to write.
    parts : mapping of ScenePart
        By name; empty ones are left out.
    """
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "femur-fea"},
        "scene": 0,
        "scenes": [{"nodes": []}],
        "nodes": [],
        "meshes": [],
        "materials": [],
        "accessors": [],
        "bufferViews": [],
    }
    data = bytearray()
    for name, part in parts.items():
        if part.surface.n_cells:
            _add(document, data, name, part)
    document["buffers"] = [{"byteLength": len(data)}]
    header = json.dumps(document).encode()
    header += b" " * (-len(header) % 4)
    length = 12 + 8 + len(header) + 8 + len(data)
    with atomic_path(path) as temporary:
        temporary.write_bytes(
            struct.pack("<III", _MAGIC, _VERSION, length)
            + struct.pack("<II", len(header), _JSON)
            + header
            + struct.pack("<II", len(data), _BIN)
            + bytes(data)
        )


def _add(document: dict[str, Any], data: bytearray, name: str, part: ScenePart) -> None:
    """Add a part to document and data, which are ours."""
    surface = part.surface.copy(deep=False)
    surface.cell_data["polygon"] = np.arange(surface.n_cells)
    triangles = surface.triangulate()
    corners = np.asarray(triangles.points, dtype=float)[triangles.regular_faces]
    # two axes change places, which turns a triangle inside out
    points = (_MM * corners[:, ::-1] @ _TURN.T).astype("<f4").reshape(-1, 3)
    polygon = np.asarray(triangles.cell_data["polygon"])
    rgb = part.rgb[polygon] if len(part.rgb) > 1 else np.repeat(part.rgb, len(polygon), axis=0)
    rgba = np.column_stack((rgb, np.full(len(rgb), part.opacity)))
    colours = np.repeat(np.round(255.0 * rgba).astype(np.uint8), 3, axis=0)
    place = len(document["meshes"])
    position = _accessor(document, data, points, _FLOAT, "VEC3")
    document["accessors"][position] |= {
        "min": points.min(axis=0).tolist(), "max": points.max(axis=0).tolist(),
    }  # fmt: skip
    colour = _accessor(document, data, colours, _BYTE, "VEC4")
    document["materials"].append(
        {
            "name": name,
            "doubleSided": True,
            "alphaMode": "OPAQUE" if part.opacity == 1.0 else "BLEND",
            "pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": 0.9},
        }
    )
    primitive = {"attributes": {"POSITION": position, "COLOR_0": colour}, "material": place}
    document["meshes"].append({"name": name, "primitives": [primitive]})
    document["nodes"].append({"name": name, "mesh": place})
    document["scenes"][0]["nodes"].append(place)


def _accessor(
    document: dict[str, Any], data: bytearray, values: Any, component: int, shape: str
) -> int:
    """Append values to the data and return the number of their accessor."""
    document["bufferViews"].append(
        {
            "buffer": 0,
            "byteOffset": len(data),
            "byteLength": values.nbytes,
            "target": _ARRAY_BUFFER,
        }
    )
    data += values.tobytes()
    number = len(document["accessors"])
    document["accessors"].append(
        {
            "bufferView": number,
            "componentType": component,
            "count": len(values),
            "type": shape,
            "normalized": component == _BYTE,
        }
    )
    return number
