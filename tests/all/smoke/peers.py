"""Reads a running Hearthlight with parsers that its makers did not write. Arguments: ADDR:PORT, token file."""

import json
import pathlib
import socket
import sys
import time
import urllib.request

from openapi_spec_validator import validate
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as prometheus


def fetch(path, **headers):
    request = urllib.request.Request(f"http://{sys.argv[1]}{path}", headers=headers)
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


token = pathlib.Path(sys.argv[2]).read_text().strip()
bearer = {"Authorization": f"Bearer {token}"}
listeners = json.loads(fetch("/api/v1/state", **bearer))["system"]["listeners"]
address = next(line["state"]["open"]["at"] for line in listeners if line["key"] == "sensors.listen")
device = socket.create_connection(address.rsplit(":", 1))
device.sendall(b'#locid:a "quoted" place!\n#Sensor:ADC1=592!\n#frame:' + b"0050" * 64 + b"!\n")
while not json.loads(fetch("/api/v1/thermal", **bearer)):
    time.sleep(0.01)
plain = {family.name: family for family in prometheus(fetch("/metrics"))}
openly = {family.name for family in open_metrics(fetch("/metrics", Accept="application/openmetrics-text"))}
for name in ("hearthlight_sensor_packets", "hearthlight_sensor_ingest_seconds", "hearthlight_thermal_celsius"):
    assert name in plain, f"{name} is missing from the Prometheus text"
    assert name in openly, f"{name} is missing from the OpenMetrics text"
assert plain["hearthlight_sensor_ingest_seconds"].type == "histogram"
validate(json.loads(fetch("/api/v1/openapi.json", **bearer)))
print("read by peers:", len(plain), "families")
