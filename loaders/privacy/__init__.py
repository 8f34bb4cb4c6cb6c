"""Never ingest persons: what must not be read, found before anything is (DESIGN, Privacy).

``screened`` takes a sheet and gives it back without cells about persons, or refuses it; ``withheld`` goes over
what is told. What is not screened: pictures, comments and hidden parts of a workbook (they are not read), rows
above and below a table (not read; withheld when told), the names of files and sheets (told of, not changed), number plates.
"""

from .numbers import passes_eleven_test
from .screening import screened, withheld

__all__ = ["passes_eleven_test", "screened", "withheld"]
