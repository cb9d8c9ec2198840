"""What whoever runs the platform does with certificates, from a terminal.

They need no account, so each change is noted as the platform's own, by the operator.
"""
