"""Judges the Hue bridge with aiohue (version 2) and phue (version 1): pairs before, while and after the button is pressed,
loads everything, changes lights each way, hears what changes at two clients, and is shown the door once its key is revoked.

    bridge_peers.py first|again API TOKEN_FILE HTTP_PORT HTTPS_PORT STATE_FILE

`first` leaves keys and ids in STATE_FILE; `again`, after a restart, expects them to hold.
"""

import asyncio
import json
import os
import sys
import tempfile
import urllib.request

import aiohttp
import phue
from aiohue import create_app_key
from aiohue.errors import LinkButtonNotPressed
from aiohue.v2 import HueBridgeV2

MODE, API, TOKEN_FILE, HTTP, HTTPS, STATE = sys.argv[1:7]
HOST, HOST_V1 = f"127.0.0.1:{HTTPS}", f"127.0.0.1:{HTTP}"


def api(method, path, body=None):
    headers = {"Authorization": "Bearer " + open(TOKEN_FILE).read().strip(), "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://{API}{path}", method=method, headers=headers, data=data)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or "null")


async def pair(name):
    try:
        return await create_app_key(HOST, name)
    except (LinkButtonNotPressed, aiohttp.ClientResponseError):
        # Whatever HTTPS answered, it then tries HTTP at the same port, where nobody speaks that.
        return None


async def get(path, key=None):
    headers = {"hue-application-key": key} if key else {}
    async with aiohttp.ClientSession() as session:
        async with session.get(f"https://{HOST}{path}", headers=headers, ssl=False) as answer:
            return answer.status, await answer.json()


async def settled(key):
    """Waits until the demo's lights are all there."""
    before = -1
    for _ in range(60):
        _, answer = await get("/clip/v2/resource/light", key)
        if len(answer["data"]) == before > 0:
            return before
        before = len(answer["data"])
        await asyncio.sleep(3)
    raise AssertionError("the lights never settle")


class Ear:
    """What a client hears of one light."""

    def __init__(self, bridge, light):
        self.heard = asyncio.Queue()
        self.ids = set()
        bridge.lights.subscribe(lambda _kind, changed: self.on_light(changed, light))

    def on_light(self, changed, light):
        self.ids.add(changed.id)
        if changed.id == light:
            self.heard.put_nowait((changed.on.on, changed.dimming and changed.dimming.brightness))

    async def hears(self, wanted):
        async def wait():
            while not wanted(await self.heard.get()):
                pass

        await asyncio.wait_for(wait(), 15)


async def lights(key):
    """All lights as they are now: some of a busy home change by themselves."""
    _, answer = await get("/clip/v2/resource/light", key)
    return {light["id"]: light for light in answer["data"]}


async def version_2(key, other):
    async with HueBridgeV2(HOST, key) as one, HueBridgeV2(HOST, other) as two:
        assert len(one.lights.items) == len(two.lights.items) > 0
        assert one.config.bridge_id and one.config.bridge.bridge_id == api("GET", "/api/v1/bridge")["id"].lower()
        assert len(one.devices.items) > len(one.lights.items), "the bridge is a device, too"
        light = next(light for light in one.lights if light.supports_color and light.supports_dimming)
        before = await lights(key)
        ears = [Ear(bridge, light.id) for bridge in (one, two)]
        while not (one.events.connected and two.events.connected):
            await asyncio.sleep(0.1)
        await one.lights.set_state(light.id, on=True, brightness=42.0, color_xy=(0.3, 0.3), transition_time=100)
        for ear in ears:
            await ear.hears(lambda heard: heard[0] and abs(heard[1] - 42.0) < 0.5)
        await two.lights.set_state(light.id, on=False)
        for ear in ears:
            await ear.hears(lambda heard: not heard[0])
        after = await lights(key)
        changed = {light.id} | {id for id in after if after[id] != before.get(id)}
        assert all(light.id in ear.ids and ear.ids <= changed for ear in ears), "nothing but what changed"
        white = next((light for light in one.lights if light.supports_color_temperature), None)
        if white:
            await one.lights.set_state(white.id, on=True, color_temp=300)
            await asyncio.sleep(1)
            assert two.lights[white.id].color_temperature.mirek == 300, two.lights[white.id].color_temperature
        return {light.id: light.metadata.name for light in one.lights}


def version_1(key):
    bridge = phue.Bridge(HOST_V1, username=key)
    everything = bridge.get_api()
    assert set(everything) >= {"lights", "groups", "config", "schedules", "scenes", "rules", "sensors", "resourcelinks"}
    lights = bridge.get_light_objects("id")
    number, light = next((n, light) for n, light in lights.items() if "xy" in bridge.get_light(n)["state"])
    light.on = True
    light.brightness = 100
    light.xy = [0.4, 0.4]
    state = bridge.get_light(number)["state"]
    assert state["on"] and state["bri"] == 100 and abs(state["xy"][0] - 0.4) < 0.001, state
    light.on = False
    assert not bridge.get_light(number)["state"]["on"]
    group = bridge.set_group(0, "on", True)
    assert "success" in group[0][0], group
    return {n: light["name"] for n, light in everything["lights"].items()}


def pair_v1():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "key")
        try:
            return phue.Bridge(HOST_V1, config_file_path=path).username
        except phue.PhueRegistrationException:
            return None


async def first():
    status, _ = await get("/clip/v2/resource")
    assert status == 403, "without a key, clients take 403 and nothing else for a bridge of version 2"
    assert await pair("judge#before") is None and pair_v1() is None
    api("POST", "/api/v1/bridge/link-button")
    keys = [await pair("judge#one"), await pair("judge#two"), pair_v1()]
    assert all(keys), keys
    api("POST", "/api/v1/commands", {"bridge": "unpress"})
    assert await pair("judge#after") is None and pair_v1() is None
    await settled(keys[0])
    seen = await version_2(keys[0], keys[1])
    numbers = version_1(keys[2])
    apps = api("GET", "/api/v1/bridge")["apps"]
    revoked = next(app for app in apps if app["name"] == "judge#two")
    api("DELETE", f"/api/v1/bridge/apps/{revoked['id']}")
    status, answer = await get("/clip/v2/resource/light", keys[1])
    assert status == 403, (status, answer)
    with urllib.request.urlopen(f"http://{HOST_V1}/api/{keys[1]}/lights", timeout=10) as page:
        assert json.loads(page.read())[0]["error"]["type"] == 1
    json.dump({"keys": keys, "seen": seen, "numbers": numbers}, open(STATE, "w"))


async def again():
    before = json.load(open(STATE))
    key = before["keys"][0]
    await settled(key)
    async with HueBridgeV2(HOST, key) as bridge:
        seen = {light.id: light.metadata.name for light in bridge.lights}
    assert seen == before["seen"], (seen, before["seen"])
    numbers = {n: light["name"] for n, light in phue.Bridge(HOST_V1, username=before["keys"][2]).get_light().items()}
    assert numbers == before["numbers"], (numbers, before["numbers"])
    status, _ = await get("/clip/v2/resource/light", before["keys"][1])
    assert status == 403, "what was revoked stays so"


asyncio.run(first() if MODE == "first" else again())
print("aiohue and phue are content")
