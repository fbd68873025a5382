//! Regions, deltas and bookmarks: what is refused and why, and random stories of all of it over restarts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hearthlight::engine::services::thermal::Arrays;
use hearthlight::model::message::Update;
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::region::{
    Cell, Delta, Figure, MAX_OF_A_KIND, Point, Region, RegionId, Regions, Shape,
};
use hearthlight::model::thermal::{self, Bookmark, Command, MAX_BOOKMARKS, Optics, PixelMeaning, Thermal};
use hearthlight::units::grid::{Patch, Size};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

const SIZE: Size = Size::MLX90640;

fn id(text: &str) -> RegionId {
    RegionId(text.into())
}

fn oven() -> DeviceId {
    DeviceId::new("oven")
}

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("a time")
}

fn region(label: &str, shape: Shape) -> Region {
    Region { id: id(label), name: "Door".into(), mask: label.starts_with('M'), shape, emissivity: Some(0.9) }
}

fn spot(row: u16, col: u16) -> Shape {
    Shape::Spot(Cell { row, col })
}

fn delta(label: &str, of: &str, minus: &str) -> Delta {
    Delta { id: id(label), name: "".into(), of: (id(of), Figure::Max), minus: (id(minus), Figure::Mean) }
}

/// The service with one array, what it said folded, and what a store would hold.
struct Stand {
    arrays: Arrays,
    folded: Thermal,
    regions: BTreeMap<DeviceId, String>,
    bookmarks: BTreeMap<u64, String>,
    last: u64,
}

impl Stand {
    fn new() -> Self {
        let arrays = Arrays::new(Optics::default());
        let (folded, regions) = (Thermal::default(), BTreeMap::new());
        let mut stand = Self { arrays, folded, regions, bookmarks: BTreeMap::new(), last: 0 };
        stand.picture();
        stand
    }

    fn picture(&mut self) {
        let updates = self.arrays.on_recognised(&oven(), SIZE, PixelMeaning::Mlx90640Raw);
        self.fold(updates);
    }

    fn fold(&mut self, updates: Vec<Update>) {
        for update in updates {
            let Update::Thermal(update) = update else { panic!("not of arrays: {update:?}") };
            self.folded.apply(&update);
            let json = |value: &Regions| serde_json::to_string(value).expect("JSON");
            match update {
                thermal::Update::Changed(array) => {
                    self.regions.insert(array.device.clone(), json(&array.regions));
                }
                thermal::Update::Forgotten(device) => drop(self.regions.remove(&device)),
                thermal::Update::Bookmarked(bookmark) => {
                    self.last = self.last.max(bookmark.id);
                    self.bookmarks.insert(bookmark.id, serde_json::to_string(&*bookmark).expect("JSON"));
                }
                thermal::Update::BookmarkGone(id) => drop(self.bookmarks.remove(&id)),
                thermal::Update::Hottest { .. } => {}
                thermal::Update::Reset(_) => panic!("said at the start only"),
            }
        }
    }

    fn ask(&mut self, command: Command) -> Result<(), String> {
        let updates = self.arrays.on_command(command, &"Ana".into(), now())?;
        self.fold(updates);
        Ok(())
    }

    fn put(&mut self, region: Region) -> Result<(), String> {
        self.ask(Command::PutRegion { device: oven(), region })
    }

    fn put_delta(&mut self, delta: Delta) -> Result<(), String> {
        self.ask(Command::PutDelta { device: oven(), delta })
    }

    fn bookmark(&mut self, at: Timestamp, words: &str) -> Result<(), String> {
        self.ask(Command::Bookmark { at, words: words.to_owned() })
    }

    fn regions(&self) -> Arc<Regions> {
        self.folded.arrays.get(&oven()).map(|array| Arc::clone(&array.regions)).unwrap_or_default()
    }

    /// The program ends and begins again; the array sends its first picture.
    fn restart(&mut self) {
        let before = self.folded.clone();
        self.arrays = Arrays::new(Optics::default());
        for (device, body) in &self.regions {
            let regions = serde_json::from_str(body).expect("regions");
            self.arrays.restore_regions(device, regions).expect("sound");
        }
        let bookmarks: Vec<Bookmark> =
            self.bookmarks.values().map(|body| serde_json::from_str(body).expect("a bookmark")).collect();
        self.arrays.bookmarks().restore(bookmarks, self.last);
        self.folded = self.arrays.state();
        self.picture();
        assert_eq!(self.folded, before, "all is as it was");
    }

    fn verify(&self) {
        assert_eq!(self.arrays.state(), self.folded, "the state is the fold of what was said");
        let regions = self.regions();
        regions.check().expect("sound");
        let labels: BTreeSet<_> = regions
            .regions
            .iter()
            .map(|region| &region.id)
            .chain(regions.deltas.iter().map(|delta| &delta.id))
            .collect();
        assert_eq!(labels.len(), regions.regions.len() + regions.deltas.len(), "labels are unique");
        for letter in "SBCPLMD".chars() {
            let n = labels.iter().filter(|label| label.as_str().starts_with(letter)).count();
            assert!(n <= MAX_OF_A_KIND, "{n} of {letter}");
        }
        for delta in &regions.deltas {
            for (of, _) in [&delta.of, &delta.minus] {
                assert!(regions.get(of).is_some_and(|region| !region.mask), "{} dangles", delta.id);
            }
        }
        assert!(self.folded.bookmarks.len() <= MAX_BOOKMARKS);
        assert!(self.folded.bookmarks.values().all(|bookmark| bookmark.at <= now() && bookmark.id <= self.last));
        let in_force = self.arrays.recipe(&oven()).map(|recipe| Arc::clone(&recipe.regions));
        assert_eq!(in_force.unwrap_or_default(), regions, "connections measure what people see");
    }
}

fn refused(answer: Result<(), String>, word: &str) {
    let why = answer.expect_err(word);
    assert!(why.contains(word), "{why:?} does not say {word:?}");
}

#[test]
fn a_region_out_of_its_ranges_is_refused_with_its_cure() {
    let mut stand = Stand::new();
    let at = |x, y| Point { x, y };
    refused(stand.put(region("B1", spot(0, 0))), "S1 to S32");
    refused(stand.put(region("S0", spot(0, 0))), "S1 to S32");
    refused(stand.put(region("S33", spot(0, 0))), "S1 to S32");
    refused(stand.put(region("S01", spot(0, 0))), "S1 to S32");
    refused(stand.put(Region { mask: true, ..region("S1", spot(0, 0)) }), "M1 to M32");
    refused(stand.put(Region { mask: false, ..region("M1", spot(0, 0)) }), "S1 to S32");
    refused(stand.put(region("S1", spot(24, 0))), "32 columns and 24 rows");
    refused(stand.put(region("B1", Shape::Box(Patch { top: 3, left: 0, bottom: 2, right: 5 }))), "empty");
    refused(stand.put(region("B1", Shape::Box(Patch { top: 0, left: 0, bottom: 2, right: 32 }))), "outside");
    let circle = |x, y, radius| region("C1", Shape::Circle { centre: at(x, y), radius });
    refused(stand.put(circle(8.0, 8.0, 0.0)), "above 0");
    refused(stand.put(circle(8.0, 8.0, f32::NAN)), "above 0");
    refused(stand.put(circle(f32::INFINITY, 8.0, 1.0)), "place in the picture");
    refused(stand.put(circle(8.0, 26.0, 1.0)), "outside");
    refused(stand.put(circle(8.0, 8.0, 60.0)), "outside");
    let polygon = |corners| region("P1", Shape::Polygon(corners));
    refused(stand.put(polygon(vec![at(0.0, 0.0); 2])), "3 to 32 corners, not 2");
    refused(stand.put(polygon(vec![at(0.0, 0.0); 33])), "not 33");
    refused(stand.put(polygon(vec![at(0.0, 0.0), at(f32::NAN, 0.0), at(0.0, 1.0)])), "corners");
    refused(stand.put(Region { emissivity: Some(0.04), ..region("S1", spot(0, 0)) }), "0.05 and 1");
    refused(stand.put(Region { emissivity: Some(f32::NAN), ..region("S1", spot(0, 0)) }), "0.05 and 1");
    refused(stand.put(Region { name: "x".repeat(65).into(), ..region("S1", spot(0, 0)) }), "64 characters");
    refused(stand.put(Region { name: "a\nb".into(), ..region("S1", spot(0, 0)) }), "one line");
    assert!(stand.regions().is_empty());
    let edge = vec![at(-1.0, 0.0), at(33.0, 0.0), at(16.0, 25.0)];
    stand.put(polygon(edge)).expect("its border belongs to it");
    stand.put(region("L32", Shape::Line { from: Cell { row: 0, col: 31 }, to: Cell { row: 23, col: 0 } })).expect("in");
    refused(
        stand.ask(Command::PutRegion { device: DeviceId::new("x"), region: region("S1", spot(0, 0)) }),
        "no thermal",
    );
    stand.verify();
}

#[test]
fn an_array_without_a_picture_takes_no_regions() {
    let mut stand = Stand::new();
    let known = DeviceId::new("offline");
    stand.arrays.restore_regions(&known, Regions::default()).expect("taken");
    refused(stand.ask(Command::PutRegion { device: known, region: region("S1", spot(0, 0)) }), "no picture");
}

#[test]
fn a_delta_refers_to_what_is_measured_and_goes_with_it() {
    let mut stand = Stand::new();
    stand.put(region("S1", spot(0, 0))).expect("put");
    stand.put(region("M1", spot(1, 1))).expect("put");
    refused(stand.put_delta(delta("D1", "S1", "S2")), "no region S2");
    refused(stand.put_delta(delta("D1", "M1", "S1")), "mask");
    refused(stand.put_delta(delta("S2", "S1", "S1")), "D1 to D32");
    stand.put(region("S2", spot(2, 2))).expect("put");
    stand.put_delta(delta("D1", "S1", "S2")).expect("put");
    stand.put_delta(delta("D2", "S1", "S1")).expect("its hottest less its mean");
    stand.put(region("S2", spot(3, 3))).expect("moved");
    assert_eq!(stand.regions().deltas.len(), 2, "a region that moves keeps its deltas");
    stand.ask(Command::RemoveRegion { device: oven(), region: id("S2") }).expect("removed");
    assert_eq!(stand.regions().deltas.len(), 1);
    refused(stand.ask(Command::RemoveRegion { device: oven(), region: id("S2") }), "no region S2");
    refused(stand.ask(Command::RemoveDelta { device: oven(), delta: id("D1") }), "no delta D1");
    stand.ask(Command::RemoveDelta { device: oven(), delta: id("D2") }).expect("removed");
    stand.restart();
    stand.verify();
}

#[test]
fn what_is_the_same_is_not_said_again_and_a_forgotten_array_has_no_regions() {
    let mut stand = Stand::new();
    stand.put(region("S1", spot(0, 0))).expect("put");
    let command = Command::PutRegion { device: oven(), region: region("S1", spot(0, 0)) };
    assert!(stand.arrays.on_command(command, &"Ana".into(), now()).expect("so already").is_empty());
    let gone = stand.arrays.on_forgotten(&oven());
    stand.fold(gone);
    stand.picture();
    assert!(stand.regions().is_empty() && !stand.folded.arrays.is_empty());
}

#[test]
fn bookmarks_are_of_the_past_and_the_oldest_goes() {
    let mut stand = Stand::new();
    refused(stand.bookmark(now() + SignedDuration::from_secs(6), "later"), "not in the future");
    refused(stand.bookmark(now(), &"x".repeat(81)), "80 characters");
    refused(stand.bookmark(now(), "a\tb"), "one line");
    refused(stand.ask(Command::RemoveBookmark { bookmark: 1 }), "no bookmark 1");
    for n in 0..=MAX_BOOKMARKS {
        stand.bookmark(now() - SignedDuration::from_secs(n as i64), &n.to_string()).expect("put");
    }
    let ids: Vec<u64> = stand.folded.bookmarks.keys().copied().collect();
    assert_eq!((ids.len(), ids[0], ids[MAX_BOOKMARKS - 1]), (MAX_BOOKMARKS, 2, MAX_BOOKMARKS as u64 + 1));
    let newest = *ids.last().expect("one");
    stand.ask(Command::RemoveBookmark { bookmark: newest }).expect("removed");
    stand.restart();
    stand.bookmark(now() + SignedDuration::from_secs(1), "a clock that is ahead").expect("put");
    let last = stand.folded.bookmarks.values().next_back().expect("one").clone();
    assert_eq!((last.id, last.at, &*last.by), (newest + 1, now(), "Ana"), "no number is given out twice");
    stand.verify();
}

#[derive(Clone, Debug)]
enum Step {
    Put(Region),
    Remove(RegionId),
    PutDelta(Delta),
    RemoveDelta(RegionId),
    Bookmark(i64, String),
    RemoveBookmark(u64),
    Choose,
    Forget,
    Restart,
}

fn label() -> impl Strategy<Value = RegionId> {
    ("[SBCPLMD]", 0..35_usize).prop_map(|(letter, n)| id(&format!("{letter}{}", n % 6 + n / 30)))
}

fn shape() -> impl Strategy<Value = Shape> {
    let cell = || (0..26_u16, 0..34_u16).prop_map(|(row, col)| Cell { row, col });
    let at =
        || (-3.0..36.0_f32, prop_oneof![9 => -3.0..28.0_f32, 1 => Just(f32::NAN)]).prop_map(|(x, y)| Point { x, y });
    prop_oneof![
        cell().prop_map(Shape::Spot),
        (cell(), cell()).prop_map(|(a, b)| Shape::Box(Patch { top: a.row, left: a.col, bottom: b.row, right: b.col })),
        (at(), -1.0..60.0_f32).prop_map(|(centre, radius)| Shape::Circle { centre, radius }),
        proptest::collection::vec(at(), 1..6).prop_map(Shape::Polygon),
        (cell(), cell()).prop_map(|(from, to)| Shape::Line { from, to }),
    ]
}

fn region_of_any_kind() -> impl Strategy<Value = Region> {
    let emissivity = proptest::option::of(0.0..1.1_f32);
    (shape(), 0..40_usize, any::<bool>(), any::<bool>(), emissivity).prop_map(|(shape, n, mask, right, emissivity)| {
        let letter = if mask { 'M' } else { shape.letter() };
        let letter = if right { letter } else { 'S' };
        Region { id: RegionId::new(letter, n), name: "It".into(), shape, mask, emissivity }
    })
}

fn step() -> impl Strategy<Value = Step> {
    let figure = || proptest::sample::select(Figure::ALL.to_vec());
    let delta = (label(), label(), figure(), label(), figure()).prop_map(|(id, of, a, minus, b)| Delta {
        id,
        name: "".into(),
        of: (of, a),
        minus: (minus, b),
    });
    let delta = (delta, 1..36_usize, any::<bool>())
        .prop_map(|(delta, n, right)| Delta { id: if right { RegionId::new('D', n) } else { delta.id }, ..delta });
    prop_oneof![
        12 => region_of_any_kind().prop_map(Step::Put),
        3 => label().prop_map(Step::Remove),
        6 => delta.prop_map(Step::PutDelta),
        1 => label().prop_map(Step::RemoveDelta),
        3 => (-1000..20_i64, "[a-z]{0,90}").prop_map(|(s, words)| Step::Bookmark(s, words)),
        1 => (0..6_u64).prop_map(Step::RemoveBookmark),
        1 => Just(Step::Choose),
        1 => Just(Step::Forget),
        1 => Just(Step::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_story_keeps_regions_whole(story in proptest::collection::vec(step(), 0..160)) {
        let mut stand = Stand::new();
        for step in story {
            let before = stand.folded.clone();
            let answer = match step {
                Step::Put(region) => stand.put(region),
                Step::Remove(region) => stand.ask(Command::RemoveRegion { device: oven(), region }),
                Step::PutDelta(delta) => stand.put_delta(delta),
                Step::RemoveDelta(delta) => stand.ask(Command::RemoveDelta { device: oven(), delta }),
                Step::Bookmark(s, words) => stand.bookmark(now() + SignedDuration::from_secs(s), &words),
                Step::RemoveBookmark(bookmark) => stand.ask(Command::RemoveBookmark { bookmark }),
                Step::Choose => stand.ask(Command::Choose { device: oven(), choice: thermal::Choice::default() }),
                Step::Forget => {
                    let gone = stand.arrays.on_forgotten(&oven());
                    stand.fold(gone);
                    stand.picture();
                    Ok(())
                }
                Step::Restart => {
                    stand.restart();
                    Ok(())
                }
            };
            if let Err(why) = answer {
                prop_assert!(why.ends_with('.') && why.len() > 20, "no cause and cure: {why}");
                prop_assert_eq!(&stand.folded, &before, "what is refused changes nothing");
            }
            stand.verify();
        }
        stand.restart();
    }
}
