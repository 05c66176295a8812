"""What client and server have in common: the address, and what they send each other.

The address is a name in Linux's own space of names, not a file: it is free again when its owner
ends, however that ends, and no length of a folder's path matters. Both sides check that the other
is of the same user.
"""

import os
import socket
import struct

LONGEST = 2**18  # bytes of a message; a longer environment means a plain job
STREAMS = (0, 1, 2)
# Variables that bash and Snakemake set for each job; all others are the server's own as well.
OF_EACH_JOB = ("_", "OLDPWD", "PWD", "SHLVL")


def new_socket() -> socket.socket:
    """Return a socket whose messages arrive whole."""
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def name_of(token: str) -> str:
    """Return the name that a server with this token listens at."""
    return f"\0wganbench-{token}"


def is_ours(connection: socket.socket) -> bool:
    """Tell whether the process at the other end is this user's."""
    size = struct.calcsize("3i")
    found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    return bool(struct.unpack("3i", found)[1] == os.getuid())
