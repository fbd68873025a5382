//! Snapshots: numbers that read back, and a picture whose overlay is there and right.

use std::sync::Arc;

use hearthlight::heat::palette::Palette;
use hearthlight::model::exports::{Colours, Look};
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::region::{Cell, Delta, Figure, Point, Region, RegionId, Regions, Shape};
use hearthlight::model::thermal::{PixelMeaning, ThermalFrame};
use hearthlight::report::snapshot::{Facts, Shot};
use hearthlight::units::grid::{Mounting, Patch, Size};
use hearthlight::units::temperature::Scale;
use image::RgbImage;
use jiff::tz::{TimeZone, offset};
use proptest::prelude::*;

/// Where the picture begins, and the length of a cell of a 16 x 12 picture.
const AT: (u32, u32) = (40, 206);
const CELL: u32 = 64;
/// The scale's strip: its left edge and its width.
const STRIP: (u32, u32) = (AT.0 + 16 * CELL + 28, 36);

fn zone() -> TimeZone {
    TimeZone::fixed(offset(1))
}

fn facts() -> Facts {
    Facts {
        device: DeviceId::new("bench"),
        name: "Bench, \"left\"\nside".to_owned(),
        location: "bench".to_owned(),
        place: "Workshop".to_owned(),
        simulated: true,
        zone: zone(),
    }
}

/// 16 x 12 cells, warmer to the right and downwards: 20 to 37.5 C; cell 5 broken.
fn frame() -> ThermalFrame {
    let mut frame = ThermalFrame::blank();
    let cells = frame.begin(Size::new(16, 12).expect("a size"));
    for (i, cell) in cells.iter_mut().enumerate() {
        *cell = 20.0 + (i % 16) as f32 + (i / 16) as f32 * 0.25;
    }
    frame.set_broken(5);
    frame.meaning = PixelMeaning::CentiOffset27;
    frame.calibrated = true;
    frame.sequence = 118;
    frame.ambient = Some(31.4);
    frame.wall = "2026-03-01T12:01:39.25Z".parse().expect("a time");
    frame
}

fn region(letter: char, number: usize, shape: Shape, mask: bool) -> Region {
    Region { id: RegionId::new(letter, number), name: "Door".into(), shape, mask, emissivity: None }
}

fn regions() -> Arc<Regions> {
    let at = |x: f32, y: f32| Point { x, y };
    let patch = |left, top, right, bottom| Shape::Box(Patch { top, left, bottom, right });
    Arc::new(Regions {
        regions: vec![
            region('B', 1, patch(2, 6, 5, 9), false),
            region('S', 1, Shape::Spot(Cell { row: 6, col: 8 }), false),
            region('C', 1, Shape::Circle { centre: at(11.5, 6.5), radius: 1.5 }, false),
            region('P', 1, Shape::Polygon(vec![at(7.0, 9.0), at(10.0, 9.0), at(10.0, 11.0), at(7.0, 11.0)]), false),
            region('L', 1, Shape::Line { from: Cell { row: 3, col: 1 }, to: Cell { row: 3, col: 6 } }, false),
            region('M', 1, patch(12, 9, 15, 11), true),
        ],
        deltas: vec![Delta {
            id: RegionId::new('D', 1),
            name: "".into(),
            of: (RegionId::new('B', 1), Figure::Max),
            minus: (RegionId::new('S', 1), Figure::Max),
        }],
    })
}

fn look() -> Look {
    Look {
        palette: "viridis".into(),
        smooth: false,
        colours: Colours::Heat,
        span: Some((20.0, 40.0)),
        isotherm: None,
        mounting: Mounting::default(),
        scale: Scale::Celsius,
    }
}

fn shot() -> Shot {
    Shot::new(facts(), &frame(), &regions())
}

fn picture(shot: &Shot, look: &Look) -> RgbImage {
    let png = shot.png(look).expect("drawn");
    image::load_from_memory_with_format(&png, image::ImageFormat::Png).expect("a PNG").to_rgb8()
}

/// The matrix of a CSV: all that is no line of facts.
fn matrix(csv: &str) -> Vec<Vec<Option<f32>>> {
    let rows = csv.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| row.split(',').map(|cell| (!cell.is_empty()).then(|| cell.parse().expect("a number"))).collect())
        .collect()
}

#[test]
fn a_csv_reads_back_as_the_frame() {
    let csv = shot().csv();
    let rows = matrix(&csv);
    assert_eq!((rows.len(), rows.iter().all(|row| row.len() == 16)), (12, true));
    assert_eq!(rows.concat(), frame().cells().collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn any_number_reads_back_exactly(cells in prop::collection::vec(prop::option::of(-80.0..600.0_f32), 6)) {
        let mut frame = ThermalFrame::blank();
        let lent = frame.begin(Size::new(3, 2).expect("a size"));
        lent.iter_mut().zip(&cells).for_each(|(to, from)| *to = from.unwrap_or(0.0));
        cells.iter().enumerate().filter(|(_, cell)| cell.is_none()).for_each(|(at, _)| frame.set_broken(at));
        let csv = Shot::new(facts(), &frame, &Arc::default()).csv();
        prop_assert_eq!(matrix(&csv).concat(), cells);
    }
}

#[test]
fn a_csv_tells_facts_and_meters() {
    let csv = shot().csv();
    for line in [
        "# device: Bench, \"left\" side (bench)",
        "# place: Workshop",
        "# simulated: true",
        "# time: 2026-03-01T13:01:39.250+01:00",
        "# sequence: 118",
        "# size: 16 columns, 12 rows",
        "# profile: centi-offset-27",
        "# calibrated: true",
        "# emissivity: 0.95",
        "# chip: 31.4 C",
        "# cells without a value: 1",
        "# masked cells: 12",
        "# coldest: 20 C at row 1, column 1",
        // Without the mask it would be 37.75 C in the last column of the last row.
        "# hottest: 37 C at row 9, column 16",
        "# box B1 Door: max 27.25 C, mean 25.375 C, min 23.5 C, cells 16",
        "# spot S1 Door: max 29.5 C, mean 29.5 C, min 29.5 C, cells 1",
        "# mask M1 Door",
        "# delta D1: B1 max - S1 max: -2.25 K",
    ] {
        assert!(csv.lines().any(|known| known == line), "{line} is not in\n{csv}");
    }
}

#[test]
fn json_has_the_fields_of_a_frame_and_the_meters() {
    let json: serde_json::Value = serde_json::from_str(&shot().json()).expect("JSON");
    assert_eq!(
        (json["rows"].as_u64(), json["cols"].as_u64(), json["sequence"].as_u64()),
        (Some(12), Some(16), Some(118))
    );
    assert_eq!((&json["at"], &json["profile"]), (&"2026-03-01T12:01:39.25Z".into(), &"centi-offset-27".into()));
    assert_eq!(json["broken"], serde_json::json!([5]));
    assert_eq!(json["celsius"].as_array().map(Vec::len), Some(192));
    assert!(json["celsius"][5].is_null() && json["celsius"][17] == 21.25);
    let regions = json["regions"].as_array().expect("a list");
    let ids: Vec<_> = regions.iter().map(|region| region["id"].as_str().expect("an id")).collect();
    assert_eq!(ids, ["B1", "S1", "C1", "P1", "L1", "M1"]);
    assert_eq!((regions[0]["max"].as_f64(), regions[0]["max_at"]["row"].as_u64()), (Some(27.25), Some(9)));
    assert!(regions[5]["max"].is_null() && regions[5]["kind"] == "mask");
    assert_eq!(json["deltas"][0]["kelvin"], -2.25);
    assert_eq!(json["masked"].as_array().map(Vec::len), Some(12));
}

/// The colour of a place of the picture, in cells.
fn at(picture: &RgbImage, x: f32, y: f32) -> [u8; 3] {
    let place = |from: u32, cells: f32| from + (cells * CELL as f32).round() as u32;
    picture.get_pixel(place(AT.0, x), place(AT.1, y)).0
}

fn is_white(colour: [u8; 3]) -> bool {
    colour.iter().all(|part| *part >= 0xf8)
}

fn is_dark(colour: [u8; 3]) -> bool {
    colour.iter().all(|part| *part <= 0x18)
}

/// The colour that a temperature has between 20 and 40 C.
fn colour(celsius: f32) -> [u8; 3] {
    let index = ((celsius - 20.0) / 20.0 * 255.0 + 0.5) as usize;
    Palette::Viridis.lut()[index]
}

#[test]
fn cells_have_the_colours_of_their_temperatures() {
    let picture = picture(&shot(), &look());
    for (column, row) in [(0, 11), (3, 7), (15, 4), (7, 4), (9, 1)] {
        let celsius = frame().get(row * 16 + column).expect("a value");
        // Off the middle, where no cross and no line lies.
        assert_eq!(at(&picture, column as f32 + 0.7, row as f32 + 0.3), colour(celsius), "{column} {row}");
    }
}

#[test]
fn regions_are_drawn_where_they_are() {
    let picture = picture(&shot(), &look());
    let white = |x, y| assert!(is_white(at(&picture, x, y)), "at {x} {y}: {:?}", at(&picture, x, y));
    // The box's four sides: columns 2 to 5 and rows 6 to 9, borders included.
    [(2.0, 8.0), (6.0, 8.0), (4.8, 10.0), (4.8, 6.0)].into_iter().for_each(|(x, y)| white(x, y));
    // The spot's arms around the middle of its cell; the middle itself is free.
    [(8.75, 6.5), (8.25, 6.5), (8.5, 6.75), (8.5, 6.25)].into_iter().for_each(|(x, y)| white(x, y));
    assert_eq!(at(&picture, 8.5, 6.5), colour(29.5));
    // The circle: right, below, left of its middle.
    [(13.0, 6.5), (11.5, 8.0), (10.0, 6.5)].into_iter().for_each(|(x, y)| white(x, y));
    assert_eq!(at(&picture, 11.7, 6.7), colour(frame().get(6 * 16 + 11).expect("a value")));
    // The polygon's sides.
    [(7.0, 10.0), (10.0, 10.0), (8.5, 11.0)].into_iter().for_each(|(x, y)| white(x, y));
    // The line, from the middle of one cell to the middle of the other.
    [(1.6, 3.5), (3.0, 3.5), (6.4, 3.5)].into_iter().for_each(|(x, y)| white(x, y));
    // Beside a line lies its halo.
    assert!(is_dark(at(&picture, 2.0 + 3.0 / 64.0, 8.0)) && is_dark(at(&picture, 2.0 - 3.0 / 64.0, 8.0)));
}

#[test]
fn masked_and_broken_cells_are_hatched_and_others_are_not() {
    let picture = picture(&shot(), &look());
    let dark = |column: u32, row: u32| {
        let (x, y) = (AT.0 + column * CELL, AT.1 + row * CELL);
        let inner = (4..CELL - 4).flat_map(|dy| (4..CELL - 4).map(move |dx| (x + dx, y + dy)));
        inner.filter(|(x, y)| is_dark(picture.get_pixel(*x, *y).0)).count()
    };
    for (column, row) in [(13, 10), (14, 10), (5, 0)] {
        assert!(dark(column, row) > 50, "{column} {row}: {}", dark(column, row));
    }
    assert_eq!((dark(3, 7), dark(1, 5)), (0, 0));
}

#[test]
fn the_extremes_are_marked() {
    let picture = picture(&shot(), &look());
    // The hottest cell that is not masked: row 8, column 15; the coldest: row 0, column 0.
    for (x, y) in [(15.5, 8.5), (0.5, 0.5)] {
        assert!(is_white(at(&picture, x, y)), "at {x} {y}: {:?}", at(&picture, x, y));
        assert!(is_white(at(&picture, x - 0.2, y)) && is_white(at(&picture, x, y + 0.2)));
    }
}

#[test]
fn the_scale_runs_from_the_last_colour_to_the_first() {
    let picture = picture(&shot(), &look());
    let (x, height) = (STRIP.0 + STRIP.1 / 2, 12 * CELL);
    let lut = Palette::Viridis.lut();
    assert_eq!(picture.get_pixel(x, AT.1).0, lut[255]);
    assert_eq!(picture.get_pixel(x, AT.1 + height - 1).0, lut[0]);
    let middle = picture.get_pixel(x, AT.1 + height / 2).0;
    assert!((126..=129).any(|index| lut[index] == middle), "{middle:?}");
    assert!(is_white(picture.get_pixel(STRIP.0 - 4, AT.1 + 40).0));
    // Figures beside it: 20 to 40 C in steps that leave a mark at 30.
    let row = AT.1 + height / 2;
    let ink = (STRIP.0 + STRIP.1 + 1..STRIP.0 + 180).filter(|x| !is_white(picture.get_pixel(*x, row).0)).count();
    assert!(ink > 8, "{ink}");
}

#[test]
fn a_turned_picture_turns_its_regions_with_it() {
    let mounting = Mounting { quarter_turns: 1, mirror: false };
    let picture = picture(&shot(), &Look { mounting, ..look() });
    // 12 columns and 16 rows: the cells are 60 long.
    let at = |x: f32, y: f32| picture.get_pixel(AT.0 + (x * 60.0) as u32, AT.1 + (y * 60.0) as u32).0;
    // The sensor's column 2 to 5, row 6 to 9 is shown in columns 2 to 5 and rows 2 to 5: shown x = 12 - y.
    for (x, y) in [(2.0, 4.5), (6.0, 4.5), (4.8, 2.0), (4.8, 6.0)] {
        assert!(is_white(at(x, y)), "at {x} {y}: {:?}", at(x, y));
    }
    let celsius = frame().get(11 * 16).expect("a value");
    assert_eq!(at(0.7, 0.3), colour(celsius));
}

#[test]
fn an_isotherm_runs_between_colder_and_hotter_cells() {
    let bare = Shot::new(facts(), &frame(), &Arc::default());
    let picture = picture(&bare, &Look { isotherm: Some(30.0), ..look() });
    // In row 8 (22 C at its left end) 30 C is in the middle of column 8.
    assert!(is_white(at(&picture, 8.5, 8.5)), "{:?}", at(&picture, 8.5, 8.5));
    assert_eq!(at(&picture, 9.7, 8.5), colour(31.0));
}

#[test]
fn a_smooth_picture_is_as_large_and_a_frame_without_values_is_drawn_too() {
    let (raw, smooth) = (picture(&shot(), &look()), picture(&shot(), &Look { smooth: true, span: None, ..look() }));
    assert_eq!(raw.dimensions(), smooth.dimensions());
    let mut none = frame();
    (0..192).for_each(|cell| none.set_broken(cell));
    none.calibrated = false;
    let shot = Shot::new(facts(), &none, &regions());
    assert!(picture(&shot, &Look { span: None, ..look() }).width() > 1000);
    assert!(shot.csv().contains("# box B1 Door: no value"));
}

#[test]
fn colours_above_a_limit_and_of_differences_are_those_of_the_screen() {
    use hearthlight::heat::palette::{ABOVE_LIMIT, DIFFERENCE};
    use hearthlight::heat::picture::{Colouring, Span};
    use hearthlight::model::learned::Baseline;
    let bare = Shot::new(facts(), &frame(), &Arc::default());
    let span = Span { low: 20.0, high: 40.0 };
    let limit = Colouring::AboveLimit { limit: 28.0, span };
    let above = picture(&bare, &Look { colours: Colours::AboveLimit(28.0), ..look() });
    let size = frame().size;
    let mean: Vec<f32> = frame().cells().map(|cell| cell.unwrap_or(20.0) - 1.5).collect();
    let usual = Baseline { size, variance: vec![0.1; mean.len()], mean, seconds: 900.0, learning: false };
    let differs = Colouring::Difference { baseline: &usual, kelvin: 5.0 };
    let shot = bare.clone().against(Some(Arc::new(usual.clone())));
    let difference = picture(&shot, &Look { colours: Colours::Difference, span: Some((-5.0, 5.0)), ..look() });
    for cell in [8 * 16 + 1, 9 * 16 + 12, 3 * 16 + 4] {
        let (x, y) = ((cell % 16) as f32 + 0.7, (cell / 16) as f32 + 0.3);
        let celsius = frame().get(cell).expect("a value");
        assert_eq!(at(&above, x, y), ABOVE_LIMIT[usize::from(limit.index(celsius))], "cell {cell}");
        assert_eq!(at(&difference, x, y), DIFFERENCE[usize::from(differs.index(1.5))], "cell {cell}");
    }
    // Without a usual picture there are temperatures, over their own range.
    let own = picture(&bare, &Look { span: None, ..look() });
    let none = picture(&bare, &Look { colours: Colours::Difference, span: Some((-5.0, 5.0)), ..look() });
    assert_eq!(at(&none, 1.7, 8.3), at(&own, 1.7, 8.3));
}
