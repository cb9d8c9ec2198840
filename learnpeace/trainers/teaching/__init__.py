"""How a course teaches: figures of questions and modules, never of people."""
