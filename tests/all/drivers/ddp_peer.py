"""Streams to a simulated DDP receiver as LedFx does. Arguments: host, port, pixels, frames."""

import socket
import sys
import time

import numpy
from ledfx.devices.ddp import DDPDevice

host, port, n_pixels, n_frames = sys.argv[1], *(int(number) for number in sys.argv[2:5])
pixels = numpy.zeros((n_pixels, 3))
pixels[0] = (255, 128, 0)
pixels[-1] = (1, 2, 3)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
    for n in range(n_frames):
        DDPDevice.send_out(out, host, port, pixels, n, 1)
        time.sleep(0.01)
