"""Looks for a Hue bridge as apps do, in a network namespace of its own, at the far end of the interface v1.

Says what it sees, a line each: `answer LOCATION`, `alive LOCATION`, `byebye`, `page MODEL` for what is at a new location,
`named ADDRESS PORT BRIDGEID`, `unnamed`. Needs the package zeroconf.
"""

import select
import socket
import struct
import subprocess
import time
import urllib.request

from zeroconf import ServiceBrowser, Zeroconf

OWN, GROUP = "10.77.0.2", "239.255.255.250"
SEARCH = (
    f"M-SEARCH * HTTP/1.1\r\nHOST: {GROUP}:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n"
).encode()


def plug_in():
    while "v1:" not in open("/proc/net/dev").read():
        time.sleep(0.01)
    subprocess.run(["ip", "addr", "add", f"{OWN}/24", "broadcast", "10.77.0.255", "dev", "v1"], check=True)
    subprocess.run(["ip", "link", "set", "v1", "up"], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def say(*words):
    print(*words, flush=True)


class Names:
    def add_service(self, zeroconf, kind, name):
        info = zeroconf.get_service_info(kind, name)
        if info:
            bridge = info.properties.get(b"bridgeid", b"").decode()
            assert info.properties.get(b"modelid") == b"BSB002"
            for address in info.parsed_addresses():
                say("named", address, info.port, bridge)

    update_service = add_service

    def remove_service(self, _zeroconf, _kind, _name):
        say("unnamed")


def head(datagram):
    lines = datagram.decode().split("\r\n")
    assert datagram.endswith(b"\r\n\r\n"), datagram
    return lines[0], {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}


def main():
    plug_in()
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ear.bind((GROUP, 1900))
    ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("4s4s", *map(socket.inet_aton, (GROUP, OWN))))
    asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asker.bind((OWN, 0))
    asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 2)
    zeroconf = Zeroconf(interfaces=[OWN])
    ServiceBrowser(zeroconf, "_hue._tcp.local.", Names())
    say("ready")
    asked, seen = 0.0, set()
    while True:
        if time.monotonic() - asked > 2:
            asked = time.monotonic()
            asker.sendto(SEARCH, (GROUP, 1900))
            asker.sendto(b"\xff\xfe no text", (GROUP, 1900))
        for readable in select.select([ear, asker], [], [], 0.2)[0]:
            first, fields = head(readable.recv(4096)) if readable is asker else notice(ear)
            if fields is None or fields.get("hue-bridgeid") is None:
                continue
            assert "IpBridge" in fields["server"], fields
            if first.startswith("HTTP/1.1 200"):
                say("answer", fields["location"])
            elif fields["nts"] == "ssdp:byebye":
                say("byebye")
            else:
                say("alive", fields["location"])
            location = fields.get("location")
            if location and location not in seen:
                seen.add(location)
                look(location)


def notice(ear):
    datagram = ear.recv(4096)
    return head(datagram) if datagram.startswith(b"NOTIFY") else ("", None)


def look(location):
    try:
        page = urllib.request.urlopen(location, timeout=5).read().decode()
    except OSError as error:
        return say("page", error)
    base = location.rsplit("/", 1)[0] + "/"
    assert f"<URLBase>{base}</URLBase>" in page, page
    say("page", page.partition("<modelName>")[2].partition("<")[0])


main()
