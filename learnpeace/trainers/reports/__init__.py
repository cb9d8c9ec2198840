"""Mistakes that learners report, and the answers."""
