"""Published figures of density and cortex of the proximal femur, as data.

Those marked "published" were read in the abstract of the source. Nobody read those marked
"unverified" in a text: they are choices of this project.
"""

from dataclasses import dataclass

from femur_fea.domain import Provenance
from femur_fea.errors import OutOfRangeError
from femur_fea.registry import Registry
from meshing.shape.stature import Sex

__all__ = ["AGE_COURSES", "AgeCourse"]

_FIRST_AGE, _LAST_AGE = 18.0, 100.0  # years


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeCourse:
    """A property that changes evenly with age, for women and for men.

    Attributes
    ----------
    unit : str
        Of the values.
    ages : (2,), years
        Two ages at which it is given; it goes on at the same rate beyond them.
    female, male : (2,)
        Its values at these ages.
    source : str
        Citation, and what of it the source gives.
    provenance : {"published", "unverified"}
        Whether the women's and men's values were read there.
    """

    unit: str
    ages: tuple[float, float]
    female: tuple[float, float]
    male: tuple[float, float]
    source: str
    provenance: Provenance

    def at(self, age: float, sex: Sex) -> float:
        """Return the value at an age in years.

        Raises
        ------
        OutOfRangeError
            If the age is not that of an adult.
        """
        if not _FIRST_AGE <= age <= _LAST_AGE:
            raise OutOfRangeError(
                found=f"an age of {age:g} years",
                expected=f"{_FIRST_AGE:g} to {_LAST_AGE:g} years",
                remedy="the courses of bone with age hold for adults",
            )
        young, old = self.female if sex == "female" else self.male
        share = (age - self.ages[0]) / (self.ages[1] - self.ages[0])
        return young + (old - young) * share


_RIGGS = "Riggs et al. 2004, J Bone Miner Res, PMID 15537436"
_POOLE = "Poole et al. 2010, J Bone Miner Res 25:482"
_FEIK = "J Anat 1997;191:407, doi:10.1046/j.1469-7580.1997.19130407.x"

AGE_COURSES: Registry[AgeCourse] = Registry("age course")
AGE_COURSES.add(
    "trabecular_density",
    AgeCourse(
        unit="of that at 20 years",
        ages=(20.0, 90.0),
        female=(1.0, 0.45),
        male=(1.0, 0.54),
        source=f"{_RIGGS}: trabecular density of spine and femoral neck falls by 55 % in women and"
        " 46 % in men over life; that it falls evenly is a choice",
        provenance="published",
    ),
)
AGE_COURSES.add(
    "neck_cortex_inferoanterior",
    AgeCourse(
        unit="mm",
        ages=(25.0, 85.0),
        female=(3.9, 3.3),
        male=(4.4, 4.0),
        source=f"{_POOLE}: women; men thicker by the size of their bone, thinning at 0.7 of"
        " women's rate, a choice",
        provenance="unverified",
    ),
)
AGE_COURSES.add(
    "neck_cortex_superoposterior",
    AgeCourse(
        unit="mm",
        ages=(25.0, 85.0),
        female=(1.63, 0.33),
        male=(1.84, 0.93),
        source=f"{_POOLE}: women; men thicker by the size of their bone, thinning at 0.7 of"
        " women's rate, a choice",
        provenance="unverified",
    ),
)
AGE_COURSES.add(
    "shaft_medullary_fraction",
    AgeCourse(
        unit="of the section's area",
        ages=(25.0, 85.0),
        female=(0.21, 0.44),
        male=(0.21, 0.30),
        source=f"{_FEIK}: canal and pores together are 25 % of the midshaft in young adults, 50 %"
        " in women and 37 % in men in their eighties, less the pores",
        provenance="published",
    ),
)
AGE_COURSES.add(
    "cortical_porosity",
    AgeCourse(
        unit="of the cortex",
        ages=(25.0, 85.0),
        female=(0.05, 0.10),
        male=(0.05, 0.10),
        source=f"{_FEIK}: 4 to 6 % in young adults, more than 9 % in the elderly",
        provenance="published",
    ),
)
AGE_COURSES.add(
    "fatty_marrow",
    AgeCourse(
        unit="of the marrow",
        ages=(25.0, 85.0),
        female=(0.60, 0.95),
        male=(0.65, 0.90),
        source="choice: marrow of the proximal femur turns to fat with age",
        provenance="unverified",
    ),
)
