//! Grids: how an array is mounted, by cells, by places between them and by steps.

mod color;
mod sun;

use hearthlight::units::grid::{Mounting, Size};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

fn mountings() -> impl Strategy<Value = Mounting> {
    (0..4_u8, any::<bool>()).prop_map(|(quarter_turns, mirror)| Mounting { quarter_turns, mirror })
}

fn sizes() -> impl Strategy<Value = Size> {
    (1..40_u16, 1..40_u16).prop_map(|(cols, rows)| Size::new(cols, rows).unwrap())
}

proptest! {
    #[test]
    fn a_place_goes_where_its_cell_goes(mounting in mountings(), size in sizes(), cell in 0..1600_usize) {
        let cell = cell % size.cells();
        let middle = ((cell % size.cols()) as f32 + 0.5, (cell / size.cols()) as f32 + 0.5);
        let (x, y) = mounting.place_of(size, cell);
        prop_assert_eq!(mounting.shown_place(size, middle), (x as f32 + 0.5, y as f32 + 0.5));
        prop_assert_eq!(mounting.cell_at(size, x, y), cell);
    }

    #[test]
    fn places_come_back(mounting in mountings(), size in sizes(), x in 0.0..1.0_f32, y in 0.0..1.0_f32) {
        let at = (x * size.cols() as f32, y * size.rows() as f32);
        let (shown_x, shown_y) = mounting.shown_place(size, at);
        let shown = mounting.shown(size);
        prop_assert!((0.0..=shown.cols() as f32).contains(&shown_x) && (0.0..=shown.rows() as f32).contains(&shown_y));
        let back = mounting.sensor_place(size, (shown_x, shown_y));
        prop_assert!((back.0 - at.0).abs() < 1e-3 && (back.1 - at.1).abs() < 1e-3, "{back:?} {at:?}");
    }

    #[test]
    fn a_step_goes_where_it_is_seen(mounting in mountings(), size in sizes(), dx in -3..4_i32, dy in -3..4_i32) {
        let from = mounting.sensor_place(size, (10.0, 10.0));
        let to = mounting.sensor_place(size, (10.0 + dx as f32, 10.0 + dy as f32));
        let (cols, rows) = mounting.sensor_step((dx, dy));
        prop_assert_eq!(((to.0 - from.0).round() as i32, (to.1 - from.1).round() as i32), (cols, rows));
    }
}
