"""A simulated CT scanner: from a bone that is known exactly to an image of it in a patient."""

from femur_risk.scanner.anatomy import Anatomy
from femur_risk.scanner.body import Body, BodyBuild
from femur_risk.scanner.bone import ScannedBone, mirrored
from femur_risk.scanner.couch import Couch
from femur_risk.scanner.hardening import BeamHardening
from femur_risk.scanner.implants import STEEL, MetalCone, prosthesis, screw
from femur_risk.scanner.kernels import KERNELS, Kernel
from femur_risk.scanner.metal import MetalArtefact
from femur_risk.scanner.noise import Noise
from femur_risk.scanner.pelvis import PelvisBuild
from femur_risk.scanner.rods import PlacedPhantom
from femur_risk.scanner.scan import SimulatedScan, simulate_scan
from femur_risk.scanner.settings import ScannerSettings
from femur_risk.scanner.truncation import Truncation
from femur_risk.scanner.tube import Tube, tube_at
from femur_risk.scanner.view import FieldOfView

__all__ = [
    "KERNELS",
    "STEEL",
    "Anatomy",
    "BeamHardening",
    "Body",
    "BodyBuild",
    "Couch",
    "FieldOfView",
    "Kernel",
    "MetalArtefact",
    "MetalCone",
    "Noise",
    "PelvisBuild",
    "PlacedPhantom",
    "ScannedBone",
    "ScannerSettings",
    "SimulatedScan",
    "Truncation",
    "Tube",
    "mirrored",
    "prosthesis",
    "screw",
    "simulate_scan",
    "tube_at",
]
