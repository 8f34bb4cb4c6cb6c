"""Dutch values in cells: one parser per kind, one module per noun.

Each gives back a value, a range, a stop or "unknown", with what had to be assumed (``assumed``: codes of findings
and how the text was read), or raises :class:`Unreadable` with the code of its finding and, where one can be made,
a proposal. Nothing is guessed silently (CONTRACTS §1 and §4).
"""

from .age_cells import age_cells as age_cells
from .ages import Age as Age
from .ages import AgeRange as AgeRange
from .ages import age as age
from .ages import age_range as age_range
from .codes import Phone as Phone
from .codes import agb as agb
from .codes import kvk as kvk
from .codes import phone as phone
from .codes import postcode as postcode
from .dates import iso_date as iso_date
from .dates import written_date as written_date
from .durations import DAYS_PER_UNIT as DAYS_PER_UNIT
from .durations import WEEKS_PER_YEAR as WEEKS_PER_YEAR
from .durations import duration as duration
from .durations import weeks as weeks
from .durations import whole_days as whole_days
from .numbers import count as count
from .numbers import families as families
from .numbers import number as number
from .text import Assumed as Assumed
from .text import Read as Read
from .text import Unreadable as Unreadable
from .text import cleaned as cleaned
from .undone import undone as undone
from .wait_cells import WaitCells as WaitCells
from .wait_cells import measured as measured
from .waits import PERHAPS_YEARLESS as PERHAPS_YEARLESS
from .waits import WrittenWait as WrittenWait
from .waits import closed_until as closed_until
from .waits import wait as wait
from .yes_no import yesno as yesno
