//! A simulated zigbee2mqtt with a mesh of a dozen devices, behind a broker of its own or another one.

mod devices;
pub mod mesh;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rumqttc::{AsyncClient, ConnectionError, Event, EventLoop, LastWill, MqttOptions, Packet, QoS};
use tokio_util::sync::CancellationToken;

use crate::io::clock::Clock;
use crate::sim::lights::zigbee2mqtt::mesh::{Mesh, Said};
use crate::sim::lights::{Running, SimFamily, SimOpts, broker, ether, lamp};

/// zigbee2mqtt.
pub static FAMILY: SimFamily = SimFamily {
    id: "zigbee2mqtt",
    about: "a zigbee2mqtt with twelve devices and its MQTT broker on TCP port 1883; kind client joins the broker there",
    run: |opts| Box::pin(run(opts)) as Running,
};

const PORT: u16 = 1883;
/// Messages on their way to the broker, at most.
const MAX_WAITING: usize = 512;
/// The largest message, bytes.
const MAX_PACKET: usize = 1 << 20;

async fn run(opts: SimOpts) -> io::Result<()> {
    let stop = opts.stop.clone();
    if opts.kind == "client" {
        let port = if opts.port == 0 { PORT } else { opts.port };
        return speak(&opts, SocketAddr::new(opts.at, port), stop).await;
    }
    let listener = lamp::tcp(opts.at, opts.port, PORT).await?;
    let at = listener.local_addr()?;
    let base = base(opts.index);
    // Without multicast DNS it is found by its address alone.
    let _announced = ether::announce("_mqtt._tcp", &base, at, &[("base", &base)]).ok();
    let served = tokio::spawn(broker::serve(listener, stop.clone()));
    speak(&opts, at, stop).await?;
    served.await.map_err(io::Error::other)?
}

/// The base topic of the zigbee2mqtt of this number.
fn base(index: u32) -> String {
    if index == 0 { "zigbee2mqtt".to_owned() } else { format!("zigbee2mqtt-{index}") }
}

async fn speak(opts: &SimOpts, broker: SocketAddr, stop: CancellationToken) -> io::Result<()> {
    let (base, clock) = (base(opts.index), Clock::default());
    let mut mesh = Mesh::new(&base, opts.index, opts.faults.late.unwrap_or_default(), opts.faults.mute);
    let mut options = MqttOptions::new(format!("{base}-simulated"), broker.ip().to_string(), broker.port());
    let gone = LastWill::new(format!("{base}/bridge/state"), r#"{"state":"offline"}"#, QoS::AtLeastOnce, true);
    options.set_keep_alive(Duration::from_secs(30)).set_last_will(gone).set_max_packet_size(MAX_PACKET, MAX_PACKET);
    let (client, mut events) = AsyncClient::new(options, MAX_WAITING);
    loop {
        let now = clock.now();
        for said in mesh.poll(now) {
            opts.tally.answer();
            publish(&client, &said);
        }
        opts.tally.state(mesh.states());
        let pause = mesh.next_wake().since(now).min(Duration::from_secs(60));
        tokio::select! {
            () = stop.cancelled() => return leave(&client, &mut events, &base).await,
            () = tokio::time::sleep(pause) => {}
            event = events.poll() => hear(event, &mut mesh, &client, &base, opts).await,
        }
    }
}

async fn hear(
    event: Result<Event, ConnectionError>,
    mesh: &mut Mesh,
    client: &AsyncClient,
    base: &str,
    opts: &SimOpts,
) {
    match event {
        Ok(Event::Incoming(Packet::ConnAck(_))) => {
            // Only a full queue could refuse; then the next connection says it all again.
            drop(client.try_subscribe(format!("{base}/#"), QoS::AtMostOnce));
            mesh.greet();
        }
        Ok(Event::Incoming(Packet::Publish(message))) => {
            if message.topic.ends_with("/set") || message.topic.ends_with("/get") {
                opts.tally.packet(message.payload.len());
            }
            mesh.hear(&message.topic, &message.payload);
        }
        Ok(_) => {}
        Err(_) => tokio::time::sleep(Duration::from_millis(500)).await,
    }
}

fn publish(client: &AsyncClient, said: &Said) {
    drop(client.try_publish(said.topic.as_str(), QoS::AtMostOnce, said.retain, said.payload.to_string()));
}

/// Says goodbye, as zigbee2mqtt does when it is stopped.
async fn leave(client: &AsyncClient, events: &mut EventLoop, base: &str) -> io::Result<()> {
    let (topic, offline) = (format!("{base}/bridge/state"), r#"{"state":"offline"}"#);
    drop(client.try_publish(topic, QoS::AtMostOnce, true, offline));
    drop(client.try_disconnect());
    let last = async { while events.poll().await.is_ok() {} };
    drop(tokio::time::timeout(Duration::from_millis(300), last).await);
    Ok(())
}
