"""The page of a certificate: made once, in the background, kept for ever and handed out.

The row is committed first; a page that could not be made then is made when it is downloaded,
and made again by the nightly check. What was kept is never printed anew.
"""
