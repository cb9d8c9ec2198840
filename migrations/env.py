"""Runs migrations on the connection that `learnpeace.lib.migrations` hands over.

To write a new one after changing a model:

    bin/migration "Print the workload on certificates"
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from learnpeace.accounts import models as _accounts  # noqa: F401
from learnpeace.certificates import models as _certificates  # noqa: F401
from learnpeace.cities import models as _cities  # noqa: F401
from learnpeace.learning import models as _learning  # noqa: F401
from learnpeace.lib import jobs as _jobs  # noqa: F401
from learnpeace.lib import mail as _mail  # noqa: F401
from learnpeace.lib import throttle as _throttle  # noqa: F401
from learnpeace.lib.db import Model, UtcDateTime
from learnpeace.meetings import models as _meetings  # noqa: F401
from learnpeace.people import models as _people  # noqa: F401
from learnpeace.releases import models as _releases  # noqa: F401
from learnpeace.trainers import models as _trainers  # noqa: F401


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain ones: a migration must not depend on today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    render_as_batch=True,
    render_item=render_item,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
