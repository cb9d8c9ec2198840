"""Uploaded course folders that are not published: read, shown, commented on."""
