//! Layouts that come with the program. They arrange; colours and how pictures are looked at stay as they are.

use crate::ui::desk::layout::Layout;
use crate::ui::desk::place::Place;
use crate::ui::theme::size;

/// Names of the built-in layouts with what each is for.
pub const ALL: [(&str, &str); 5] = [
    ("Watch", "everything, hottest first"),
    ("Board", "panes as you arrange them"),
    ("Wall", "all pictures, no borders"),
    ("Tune", "one picture, wide inspector"),
    ("Small", "on top of other windows"),
];

/// The built-in layout of a name.
#[must_use]
pub fn of(name: &str) -> Option<Layout> {
    let page = |page: &str| Layout { page: page.to_owned(), apart: Some(Vec::new()), ..Layout::default() };
    match name {
        "Watch" => Some(page("Overview")),
        "Board" => Some(Layout { board: true, apart: None, ..page("Overview") }),
        "Wall" => Some(Layout { wall: true, inspector: Some(false), ..page("Thermal") }),
        "Tune" => Some(Layout {
            inspecting: true,
            inspector: Some(true),
            inspector_width: size::INSPECTOR_TUNE,
            ..page("Thermal")
        }),
        "Small" => Some(Layout {
            small: true,
            apart: None,
            window: Some(Place { size: size::SMALL, at: None, on_top: true, maximized: false }),
            ..page("Overview")
        }),
        _ => None,
    }
}
