"""The one channel between dashboard, engine and command line: a SQLite file."""

from lrtui.core.store.diagnoses import Diagnosed as Diagnosed
from lrtui.core.store.diagnoses import Work as Work
from lrtui.core.store.records import BestEpoch as BestEpoch
from lrtui.core.store.records import Branch as Branch
from lrtui.core.store.records import Description as Description
from lrtui.core.store.records import Failure as Failure
from lrtui.core.store.records import Labels as Labels
from lrtui.core.store.records import LossChunk as LossChunk
from lrtui.core.store.records import ProblemFacts as ProblemFacts
from lrtui.core.store.records import Run as Run
from lrtui.core.store.records import SnapshotRow as SnapshotRow
from lrtui.core.store.records import Status as Status
from lrtui.core.store.records import Sweep as Sweep
from lrtui.core.store.scripts import Script as Script
from lrtui.core.store.store import Store as Store
