"""The limits that a child process sets itself, before it looks at what it is given.

Apart from `children`, which starts it: a child loads nothing for them but this.
"""

import resource


def set_limits(
    *,
    memory: int,
    seconds: int | None = None,
    file_size: int | None = None,
    files: int | None = None,
) -> None:
    """Cap bytes of memory and of a file, seconds of processor time and open files; dump no core."""
    caps = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: file_size,
        resource.RLIMIT_NOFILE: files,
        resource.RLIMIT_CORE: 0,
    }
    for kind, cap in caps.items():
        if cap is not None:
            resource.setrlimit(kind, (cap, cap))
