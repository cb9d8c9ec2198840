"""Publishing a course: the plan that says whom it touches, the act, the way back."""
