"""A small network of devices, in a network namespace of its own, at the far end of the interface v1.

    devices.py lamps     thirty lamps at 10.77.0.10 to .39: they answer "who is there?" on UDP port 47811 and GET /lamp on
                         TCP port 47813; every sixth is slow
    devices.py service   one device that announces _hltest._tcp by multicast DNS (needs the package zeroconf)
"""

import asyncio
import socket
import subprocess
import sys
import time

LAMPS = [f"10.77.0.{10 + n}" for n in range(30)]
SLOW = set(LAMPS[::6])


def plug_in(addresses):
    while "v1:" not in open("/proc/net/dev").read():
        time.sleep(0.01)
    for ip in addresses:
        subprocess.run(["ip", "addr", "add", f"{ip}/24", "broadcast", "10.77.0.255", "dev", "v1"], check=True)
    subprocess.run(["ip", "link", "set", "v1", "up"], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


class Questions(asyncio.DatagramProtocol):
    def connection_made(self, _):
        self.own = {}
        for ip in LAMPS:
            self.own[ip] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.own[ip].bind((ip, 47811))

    def datagram_received(self, question, sender):
        assert question == b"who is there?"
        for ip, own in self.own.items():
            late = 1.0 if ip in SLOW else 0.02
            asyncio.get_running_loop().call_later(late, own.sendto, f"lamp {ip}".encode(), sender)


def page(ip):
    async def answer(reader, writer):
        if await reader.read(4096):
            await asyncio.sleep(1.5 if ip in SLOW else 0.05)
            body = f"lamp {ip}"
            writer.write(f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n{body}".encode())
        writer.close()

    return answer


async def lamps():
    plug_in(LAMPS)
    for ip in LAMPS:
        await asyncio.start_server(page(ip), ip, 47813)
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ear.bind(("10.77.0.255", 47811))
    await asyncio.get_running_loop().create_datagram_endpoint(Questions, sock=ear)
    print("ready", flush=True)
    await asyncio.sleep(600)


def service():
    from zeroconf import ServiceInfo, Zeroconf

    plug_in(["10.77.0.2"])
    info = ServiceInfo(
        "_hltest._tcp.local.",
        "Foreign Strip._hltest._tcp.local.",
        addresses=[socket.inet_aton("10.77.0.2")],
        port=80,
        properties={"mac": "001122334455"},
        server="foreign-strip.local.",
    )
    Zeroconf(interfaces=["10.77.0.2"]).register_service(info)
    print("ready", flush=True)
    time.sleep(600)


if sys.argv[1] == "lamps":
    asyncio.run(lamps())
else:
    service()
