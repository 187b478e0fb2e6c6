"""What a card must not reach: listeners, shared memory and a process with a secret. Prints what it is, then who came."""
import ctypes
import json
import os
import select
import socket
import sys
import time

token, folder, abstract = sys.argv[1:4]
secret = ctypes.create_string_buffer(token.encode() * 4)


def listener(family, address, kind=socket.SOCK_STREAM):
    made = socket.socket(family, kind)
    made.bind(address)
    if kind == socket.SOCK_STREAM:
        made.listen(50)
    return made


inet = listener(socket.AF_INET, ("127.0.0.1", 0))
port = inet.getsockname()[1]
listeners = {"tcp": inet, "abstract": listener(socket.AF_UNIX, "\0" + abstract), "datagram": listener(socket.AF_UNIX, f"\0{abstract}-datagram", socket.SOCK_DGRAM)}
path = f"{folder}/listener.sock"
listeners["path"] = listener(socket.AF_UNIX, path)
os.chmod(path, 0o777)
try:
    listeners["tcp6"] = listener(socket.AF_INET6, ("::1", port))
except OSError:
    pass

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
key = os.getpid() | 0x2000000
identity = libc.shmget(key, 4096, 0o1666)
if identity >= 0:
    ctypes.memmove(libc.shmat(identity, None, 0), token.encode(), len(token))

print(json.dumps({"pid": os.getpid(), "address": ctypes.addressof(secret), "port": port, "key": key, "path": path}), flush=True)
open_ends = []
while os.getppid() != 1:
    for ready in select.select(listeners.values(), [], [], 0.5)[0]:
        kind = next(name for name, made in listeners.items() if made is ready)
        if kind == "datagram":
            ready.recv(100)
        else:
            connection = ready.accept()[0]
            open_ends.append(connection)
            connection.send(token.encode())
        print(f"CAME {kind}", flush=True)
libc.shmctl(identity, 0, None)
