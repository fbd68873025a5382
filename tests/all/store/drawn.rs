//! Regions, bookmarks, layouts and the master stop: kept, forgotten, damaged.

use std::sync::Arc;

use hearthlight::model::sensors::DeviceId;
use hearthlight::model::system::Stopped;
use hearthlight::model::thermal::Bookmark;
use hearthlight::model::thermal::region::{Cell, Delta, Figure, Point, Region, RegionId, Regions, Shape};
use hearthlight::store::Store;
use rusqlite::Connection;

use super::{device, minute, open, place};

pub(super) fn regions() -> Arc<Regions> {
    let region = |id: &str, shape| Region {
        id: RegionId(id.into()),
        name: "Flue".into(),
        mask: id.starts_with('M'),
        shape,
        emissivity: Some(0.87),
    };
    let corners = [(0.1, 0.2), (7.3, 0.0), (3.3, 9.7)].map(|(x, y)| Point { x, y });
    let delta = Delta {
        id: RegionId::new('D', 1),
        name: "".into(),
        of: (RegionId::new('P', 1), Figure::Max),
        minus: (RegionId::new('S', 1), Figure::Mean),
    };
    let spot = Shape::Spot(Cell { row: 1, col: 2 });
    Arc::new(Regions {
        regions: vec![region("P1", Shape::Polygon(corners.to_vec())), region("S1", spot.clone()), region("M3", spot)],
        deltas: vec![delta],
    })
}

pub(super) fn bookmark(id: u64) -> Arc<Bookmark> {
    Arc::new(Bookmark { id, at: minute(id as i64), words: "Door \"open\"".into(), by: "Ana".into() })
}

fn stopped() -> Stopped {
    Stopped { by: "Ana".into(), since: minute(3) }
}

/// One of everything.
pub(super) fn fill(store: &Store) {
    store.save_regions(DeviceId::new("a"), regions());
    store.save_bookmark(bookmark(4));
    store.save_layout("Wall".into(), Some("(tiles: [])".into()));
    store.save_stopped(Some(stopped()));
}

#[test]
fn what_was_kept_is_there_after_reopening() {
    let (_folder, file) = place();
    let store = open(&file);
    assert_eq!(store.bookmarks().expect("read").1, 0);
    fill(&store);
    store.close().expect("written");
    let store = open(&file);
    let found = store.regions().expect("read");
    assert_eq!((found.records, found.damaged.len()), (vec![(DeviceId::new("a"), Regions::clone(&regions()))], 0));
    let (found, last) = store.bookmarks().expect("read");
    assert_eq!((found.records, last), (vec![Bookmark::clone(&bookmark(4))], 4));
    assert_eq!(store.layouts().expect("read"), [("Wall".into(), "(tiles: [])".into())].into());
    assert_eq!(store.stopped().expect("read").records, [stopped()]);
}

#[test]
fn what_was_forgotten_is_gone_but_a_number_is_never_given_out_twice() {
    let (_folder, file) = place();
    let store = open(&file);
    fill(&store);
    store.save_device(device("a", "first"));
    store.flush().expect("written");
    store.forget_bookmark(4);
    store.save_bookmark(bookmark(9));
    store.forget_bookmark(9);
    store.save_layout("Wall".into(), None);
    store.save_stopped(None);
    store.forget_device(DeviceId::new("a"));
    store.close().expect("written");
    let store = open(&file);
    assert_eq!(store.regions().expect("read").records, [], "they go with their device");
    let (found, last) = store.bookmarks().expect("read");
    assert_eq!((found.records.len(), last), (0, 9));
    assert!(store.layouts().expect("read").is_empty());
    assert_eq!(store.stopped().expect("read").records, []);
    store.save_regions(DeviceId::new("a"), regions());
    store.save_regions(DeviceId::new("a"), Arc::default());
    store.save_bookmark(bookmark(10));
    store.flush().expect("written");
    assert_eq!(store.regions().expect("read").records, []);
    assert_eq!(store.bookmarks().expect("read").1, 10, "numbers are compared as numbers");
}

#[test]
fn a_damaged_row_is_told_and_a_damaged_master_stop_holds() {
    let (_folder, file) = place();
    let store = open(&file);
    fill(&store);
    store.save_bookmark(bookmark(5));
    store.save_regions(DeviceId::new("b"), regions());
    store.close().expect("written");
    let raw = Connection::open(&file).expect("opens");
    raw.execute_batch(
        "UPDATE region SET body = '{' WHERE device = 'a';
         UPDATE bookmark SET id = 7 WHERE id = 4;
         UPDATE single SET body = '' WHERE name = 'stopped'",
    )
    .expect("damaged");
    drop(raw);
    let store = open(&file);
    let found = store.regions().expect("read");
    assert_eq!(found.records.len(), 1);
    assert!(found.damaged[0].contains("masks of a"), "{:?}", found.damaged);
    let (found, _) = store.bookmarks().expect("read");
    assert_eq!((found.records, found.damaged.len()), (vec![Bookmark::clone(&bookmark(5))], 1));
    let found = store.stopped().expect("read");
    assert!(found.records.is_empty() && found.damaged[0].contains("It holds"), "{:?}", found.damaged);
}
