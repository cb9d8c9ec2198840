"""Courses taken away: workbook, SCORM, question formats."""
