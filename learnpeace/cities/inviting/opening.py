"""What each way into a cohort opens, and for whom, said before it is opened."""

from flask_babel import gettext

from learnpeace.people.models import JoinBy


def words() -> dict[str, str]:
    """Return a sentence for each way in."""
    return {
        JoinBy.LINK: gettext(
            "Whoever has the link or the code can read the join page and join at once, "
            "also when somebody sends it on."
        ),
        JoinBy.CODE: gettext(
            "Whoever has the link can read the join page; whoever has the code as well "
            "can join at once."
        ),
        JoinBy.APPROVAL: gettext(
            "Whoever has the link or the code can read the join page and ask to join. "
            "Nobody comes in before you approve."
        ),
        JoinBy.LIST: gettext(
            "Whoever has the link or the code can read the join page. Only people you have "
            "invited can join."
        ),
    }
