"""Methods of calibration by name; a new one is a module of `calibration` and a record here."""

from femur_fea.registry import Registry
from femur_risk.pipeline.calibration_by_line import AVERAGE, FIXED
from femur_risk.pipeline.calibration_by_phantom import PHANTOM
from femur_risk.pipeline.calibration_by_tissues import AIR_FAT_MUSCLE, MULTI_TISSUE
from femur_risk.pipeline.calibration_task import CalibrationMethod

__all__ = ["METHODS"]

METHODS: Registry[CalibrationMethod] = Registry("calibration method")

METHODS.add("average", AVERAGE)
METHODS.add("fixed", FIXED)
METHODS.add("phantom", PHANTOM)
METHODS.add("air_fat_muscle", AIR_FAT_MUSCLE)
METHODS.add("multi_tissue", MULTI_TISSUE)
