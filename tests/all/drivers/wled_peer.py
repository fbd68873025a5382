"""Judges a simulated WLED node by the client that Home Assistant uses. Arguments: host and port."""

import asyncio
import sys

import wled.wled
from wled import WLED
from yarl import URL


class Here:
    """The client dials port 80 and no other; not everybody may listen there."""

    @staticmethod
    def build(**parts) -> URL:
        return URL.build(**{**parts, "port": int(sys.argv[2])})


wled.wled.URL = Here


async def judge(host: str) -> None:
    async with WLED(host) as node:
        device = await node.update()
        assert device.info.name == "Shelf", device.info.name
        assert device.info.brand == "WLED" and device.info.leds.count == 90, device.info
        assert len(device.state.segments) == 3, device.state.segments
        assert device.effects[9].name == "Rainbow", device.effects[9]
        await node.master(on=True, brightness=77, transition=0)
        await node.segment(1, color_primary=(10, 20, 30), effect="Rainbow")
        device = await node.update()
        assert device.state.on and device.state.brightness == 77, device.state
        segment = device.state.segments[1]
        assert tuple(segment.color.primary)[:3] == (10, 20, 30), segment
        assert segment.effect_id == 9, segment

        heard = asyncio.get_running_loop().create_future()

        def tell(device) -> None:
            if device.state.brightness == 5 and not heard.done():
                heard.set_result(True)

        await node.connect()
        listening = asyncio.create_task(node.listen(tell))
        await asyncio.sleep(0.2)
        await node.master(brightness=5)
        await asyncio.wait_for(heard, 10)
        listening.cancel()
    print("the client is content")


asyncio.run(judge(sys.argv[1]))
