"""Judges the simulated Hue bridge with aiohue: pairs, loads everything, sets a light, hears the event."""

import asyncio
import sys

from aiohue import create_app_key
from aiohue.v2 import HueBridgeV2


async def main(host: str) -> None:
    key = None
    for _ in range(10):
        try:
            key = await create_app_key(host, "judge#test")
            break
        except Exception as error:  # noqa: BLE001 - the button is not pressed yet
            print("not yet:", error)
            await asyncio.sleep(1)
    assert key, "no key was given"
    async with HueBridgeV2(host, key) as bridge:
        assert len(bridge.lights.items) == 6, bridge.lights.items
        assert len(bridge.devices.items) == 9, bridge.devices.items
        assert {room.metadata.name for room in bridge.groups.room} == {"Kitchen", "Bedroom"}
        assert len(bridge.sensors.button.items) == 4 and len(bridge.sensors.motion.items) == 1
        light = next(light for light in bridge.lights if light.metadata.name == "Nightstand")
        assert light.supports_color and light.supports_color_temperature and light.supports_dimming
        heard = asyncio.get_running_loop().create_future()

        def on_event(_kind, changed):
            if changed.id == light.id and changed.is_on and not heard.done():
                heard.set_result(changed)

        bridge.lights.subscribe(on_event)
        while not bridge.events.connected:
            await asyncio.sleep(0.1)
        await bridge.lights.set_state(light.id, on=True, brightness=42.0, color_xy=(0.3, 0.3), transition_time=200)
        changed = await asyncio.wait_for(heard, 10)
        print("heard", changed.on, changed.dimming, changed.color.xy)
        await asyncio.sleep(1)
        assert abs(bridge.lights[light.id].dimming.brightness - 42.0) < 0.01
    print("aiohue is content")


asyncio.run(main(sys.argv[1]))
