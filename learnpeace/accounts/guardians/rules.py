"""Who needs a guardian's yes. Pure."""

UNDER_16, TO_17, GROWN = "under-16", "16-17", "18-up"
AGE_BANDS = (UNDER_16, TO_17, GROWN)
OLDEST_OF = {UNDER_16: 15, TO_17: 17}  # years


def needs_guardian(age_band: str, guardian_under: int) -> bool:
    """Say whether somebody of this band may need a guardian where the city's limit is so.

    The limit is in years: 0 is never, 16 or 18. A band counts when its oldest are below it.
    """
    return age_band in OLDEST_OF and OLDEST_OF[age_band] < guardian_under
