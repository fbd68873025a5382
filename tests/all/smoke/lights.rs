//! Simulated lights over loopback sockets, driven by links at work.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::light::{Said, Wish};
use hearthlight::drivers::{Dial, LIGHTS, LocalId, Report};
use hearthlight::engine::link::Told;
use hearthlight::engine::links::{self, Heard, Net};
use hearthlight::model::lights::connection::ConnectionId;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::sim::lights::lamp::Tally;
use hearthlight::sim::lights::{self, SimOpts};
use hearthlight::units::color::Linear;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(30);

/// Starts a simulated light at `at`, and a link to it that wishes it green; what the link hears.
fn start(family: &str, at: SocketAddr, thing: &str) -> (mpsc::UnboundedReceiver<Heard>, Arc<Tally>, State) {
    let opts = SimOpts { port: at.port(), ..SimOpts::new(at.ip(), 0, CancellationToken::new()) };
    let tally = Arc::clone(&opts.tally);
    tokio::spawn((lights::family(family).unwrap().run)(opts));
    let driver = LIGHTS.iter().find(|known| known.id == family).unwrap();
    let (options, secrets) = Default::default();
    let opening = (driver.open)(&Dial { address: &at.to_string(), options: &options, secrets: &secrets }).unwrap();
    let (told, heard) = mpsc::unbounded_channel();
    let handle = links::start(ConnectionId(family.into()), opening, &Net::default(), told);
    let color = Color::Xy(Linear::new(0.0, 1.0, 0.0).xy());
    let state = State { on: true, brightness: 0.4, color, effect: None };
    handle.wish(&LocalId(thing.into()), Wish::State { state: state.clone(), transition_ms: 0 });
    handle.go();
    (heard, tally, state)
}

#[tokio::test]
async fn a_simulated_wled_node_becomes_as_wished_and_says_so() {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr()).unwrap().port();
    let at = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port);
    let (mut heard, tally, wanted) = start("wled", at, "light");
    let green = async {
        while let Some(heard) = heard.recv().await {
            let Heard::Told(_, Told::Report(Report::State(_, Said::Light(said)))) = heard else { continue };
            if said.color.as_ref() == Some(&wanted.color) && said.brightness == Some(wanted.brightness) {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, green).await.expect("it says that it is green");
    assert_eq!(
        (&tally.last()["bri"], &tally.last()["seg"][0]["col"][0]),
        (&102.into(), &serde_json::json!([0, 255, 0]))
    );
}

#[tokio::test]
async fn a_simulated_ddp_receiver_shows_what_is_wished_again_and_again() {
    let port = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr()).unwrap().port();
    let (_heard, tally, _) = start("ddp", SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port), "pixels");
    let shown = async {
        while tally.n_frames() < 3 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, shown).await.expect("three frames");
}
