//! Every colour, size and duration of the window, as tokens with names.
//!
//! Graphite, quiet type, one ember; heat is the only bright picture, an alarm the only loud shape.
//!
//! Invariant: a text token has a contrast of at least 4.5 on each of its theme's four grounds, a token for lines and
//! glyphs at least 3.0; a test measures it. `line` is decoration: nothing may be known by it alone.

use std::time::Duration;

use egui::Color32;

/// The looks the window can have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Graphite.
    #[default]
    Dark,
    /// Paper.
    Light,
    /// Black, white and borders around everything.
    Contrast,
}

impl Look {
    /// The colours of this look.
    #[must_use]
    pub const fn tokens(self) -> &'static Tokens {
        match self {
            Self::Dark => &DARK,
            Self::Light => &LIGHT,
            Self::Contrast => &CONTRAST,
        }
    }
}

/// How much room things take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// As much as eyes like: lengths as they stand in [`size`].
    #[default]
    Comfortable,
    /// Rows closer to each other; what can be hit stays at least [`size::CONTROL`] high.
    Compact,
}

impl Density {
    /// The height of a row that is `comfortable` high, points.
    #[must_use]
    pub fn row(self, comfortable: f32) -> f32 {
        match self {
            Self::Comfortable => comfortable,
            Self::Compact => (comfortable * 0.84).round().max(size::CONTROL.min(comfortable)),
        }
    }

    /// The room between things that is `comfortable` wide, points.
    #[must_use]
    pub fn gap(self, comfortable: f32) -> f32 {
        match self {
            Self::Comfortable => comfortable,
            Self::Compact => (comfortable * 0.5).round(),
        }
    }
}

/// The colours of one look.
#[derive(Clone, Copy, Debug)]
pub struct Tokens {
    /// Which look this is.
    pub look: Look,
    /// Window, wells, input fields.
    pub bg0: Color32,
    /// Rail, top bar, inspector, bars.
    pub bg1: Color32,
    /// Tiles, lists.
    pub bg2: Color32,
    /// Buttons, group rows, hover, tracks.
    pub bg3: Color32,
    /// Hairlines between parts.
    pub line: Color32,
    /// Borders of inputs and tracks.
    pub edge: Color32,
    /// Names and values.
    pub text1: Color32,
    /// Labels, units, icons.
    pub text2: Color32,
    /// Side facts, axis figures, hints.
    pub text3: Color32,
    /// Accent: here, selected, being edited, first action.
    pub ember: Color32,
    /// Text on ember.
    pub on_ember: Color32,
    /// Fill of the selected row.
    pub ember_dim: Color32,
    /// Focus ring.
    pub focus: Color32,
    /// Danger shape, value, limit line.
    pub danger: Color32,
    /// Danger bar and window border.
    pub danger_fill: Color32,
    /// Text on the danger bar.
    pub on_danger: Color32,
    /// Buttons on the danger bar but the first.
    pub danger_button: Color32,
    /// Warning line and figure, outline of its shape.
    pub warning: Color32,
    /// Warning bar and shape.
    pub warning_fill: Color32,
    /// Text on the warning bar.
    pub on_warning: Color32,
    /// Buttons on the warning bar but the first.
    pub warning_button: Color32,
    /// Notice shape, bookmark.
    pub notice: Color32,
    /// Unacknowledged notice bar.
    pub notice_fill: Color32,
    /// Text on the notice bar.
    pub on_notice: Color32,
    /// Buttons on the notice bar but the first.
    pub notice_button: Color32,
    /// Live, reachable, passed.
    pub ok: Color32,
    /// Asked, not answered.
    pub pending: Color32,
    /// Answered, but too old.
    pub stale: Color32,
    /// No connection.
    pub offline: Color32,
    /// Mark inside a filled danger shape.
    pub ink: Color32,
    /// Chart series, in the order in which they are used.
    pub series: [Color32; 6],
    /// Stroke of chart lines.
    pub chart: f32,
}

const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

const DARK_SERIES: [Color32; 6] =
    [hex(0xF19351), hex(0x86FEF5), hex(0x3280DD), hex(0xFAEA5C), hex(0xC04775), hex(0xABB1E9)];

static DARK: Tokens = Tokens {
    look: Look::Dark,
    bg0: hex(0x0B0C0E),
    bg1: hex(0x121316),
    bg2: hex(0x191B1E),
    bg3: hex(0x25282C),
    line: hex(0x2B2E33),
    edge: hex(0x747981),
    text1: hex(0xF2F0ED),
    text2: hex(0xB9B6B1),
    text3: hex(0x94928E),
    ember: hex(0xF0874F),
    on_ember: hex(0x1A0D05),
    ember_dim: hex(0x3A2519),
    focus: hex(0xFFFFFF),
    danger: hex(0xFF6B66),
    danger_fill: hex(0xC2202F),
    on_danger: hex(0xFFFFFF),
    danger_button: hex(0x8F1420),
    warning: hex(0xF3C13A),
    warning_fill: hex(0xF3C13A),
    on_warning: hex(0x1C1503),
    warning_button: hex(0xCE9B1C),
    notice: hex(0x84B6F4),
    notice_fill: hex(0x1D3A5C),
    on_notice: hex(0xF2F7FF),
    notice_button: hex(0x2A5078),
    ok: hex(0x5FC795),
    pending: hex(0xC9A2E8),
    stale: hex(0xA8A29A),
    offline: hex(0x9A9DA3),
    ink: hex(0x1A0506),
    series: DARK_SERIES,
    chart: 1.5,
};

static LIGHT: Tokens = Tokens {
    look: Look::Light,
    bg0: hex(0xE4E4E2),
    bg1: hex(0xEFEFED),
    bg2: hex(0xFAFAF9),
    bg3: hex(0xFFFFFF),
    line: hex(0xD2D2CE),
    edge: hex(0x7C7F83),
    text1: hex(0x17181A),
    text2: hex(0x44474B),
    text3: hex(0x5F6266),
    ember: hex(0xAE4610),
    on_ember: hex(0xFFFFFF),
    ember_dim: hex(0xF6DCCB),
    focus: hex(0x000000),
    danger: hex(0xB5192B),
    danger_fill: hex(0xB5192B),
    on_danger: hex(0xFFFFFF),
    danger_button: hex(0x8F1420),
    warning: hex(0x7A5600),
    warning_fill: hex(0xF3C13A),
    on_warning: hex(0x1C1503),
    warning_button: hex(0xCE9B1C),
    notice: hex(0x1D5AA6),
    notice_fill: hex(0xD5E5F8),
    on_notice: hex(0x0E2B52),
    notice_button: hex(0xB6D0EF),
    ok: hex(0x1B7347),
    pending: hex(0x7A3FA8),
    stale: hex(0x66625C),
    offline: hex(0x5B5F65),
    ink: hex(0xFFFFFF),
    series: [hex(0x814F0D), hex(0x12638E), hex(0x570230), hex(0x9E861C), hex(0x519590), hex(0x320C8A)],
    chart: 1.5,
};

static CONTRAST: Tokens = Tokens {
    look: Look::Contrast,
    bg0: hex(0x000000),
    bg1: hex(0x000000),
    bg2: hex(0x0A0A0A),
    bg3: hex(0x1C1C1C),
    line: hex(0x8C8C8C),
    edge: hex(0xFFFFFF),
    text1: hex(0xFFFFFF),
    text2: hex(0xEDEDED),
    text3: hex(0xD0D0D0),
    ember: hex(0xFFAA73),
    on_ember: hex(0x000000),
    ember_dim: hex(0x4A2A12),
    focus: hex(0xFFF200),
    danger: hex(0xFF8F8A),
    danger_fill: hex(0xC4001A),
    on_danger: hex(0xFFFFFF),
    danger_button: hex(0x7A0010),
    warning: hex(0xFFD84D),
    warning_fill: hex(0xFFD84D),
    on_warning: hex(0x000000),
    warning_button: hex(0xC9A41F),
    notice: hex(0x9CCBFF),
    notice_fill: hex(0x003B80),
    on_notice: hex(0xFFFFFF),
    notice_button: hex(0x00265A),
    ok: hex(0x7DE8B4),
    pending: hex(0xE3C2FF),
    stale: hex(0xD6D0C6),
    offline: hex(0xD0D0D0),
    ink: hex(0x1A0506),
    series: DARK_SERIES,
    chart: 2.0,
};

/// Colours over a heat picture: the same on every palette and in every look.
pub mod over_heat {
    use super::{Color32, hex};

    /// Text of a tag.
    pub const TAG_TEXT: Color32 = hex(0xF2F0ED);
    /// Units and side facts in a tag.
    pub const TAG_SIDE: Color32 = hex(0xB9B6B1);
    /// Ground of a tag.
    pub const TAG: Color32 = hex(0x0B0C0E);
    /// Border of a tag with more than one line.
    pub const TAG_EDGE: Color32 = hex(0x747981);
    /// Marks.
    pub const MARK: Color32 = hex(0xFFFFFF);
    /// Marks of what is selected, and labels in tags.
    pub const CHOSEN: Color32 = hex(0xF0874F);
    /// Halo around marks.
    pub const HALO: Color32 = hex(0x0B0C0E);
    /// Hatching of a cell without a value.
    pub const DEAD_LINE: Color32 = hex(0x94928E);
    /// Ground of a cell without a value.
    pub const DEAD: Color32 = hex(0x191B1E);
    /// Brightness of a picture that is no longer live.
    pub const LOST_BRIGHTNESS: f32 = 0.42;

    /// Grey at [`LOST_BRIGHTNESS`]: the palette of a picture that is no longer live.
    pub static LOST: [[u8; 3]; 256] = {
        let mut lut = [[0; 3]; 256];
        let mut i = 0;
        while i < 256 {
            let grey = (i as f32 * LOST_BRIGHTNESS) as u8;
            lut[i] = [grey; 3];
            i += 1;
        }
        lut
    };
}

/// Colours of a code that cameras read: the same in every look.
pub mod code {
    use super::{Color32, hex};

    /// Its cells.
    pub const INK: Color32 = hex(0x000000);
    /// Its ground.
    pub const PAPER: Color32 = hex(0xFFFFFF);
}

/// Lengths in points at text scale 1.
pub mod size {
    /// Smallest window.
    pub const WINDOW_MIN: [f32; 2] = [960.0, 600.0];
    /// First window.
    pub const WINDOW: [f32; 2] = [1440.0, 900.0];
    /// From this width down the rail is narrow and the inspector hidden unless asked for.
    pub const WIDE: f32 = 1440.0;
    /// Rail, wide.
    pub const RAIL: f32 = 168.0;
    /// Rail, narrow.
    pub const RAIL_NARROW: f32 = 88.0;
    /// Rail item, wide.
    pub const RAIL_ITEM: f32 = 36.0;
    /// Rail item, narrow.
    pub const RAIL_ITEM_NARROW: f32 = 52.0;
    /// From this height on an item of the narrow rail has its word.
    pub const RAIL_WORD: f32 = 40.0;
    /// Bar at the left of the place one is at.
    pub const HERE: [f32; 2] = [3.0, 20.0];
    /// Top bar.
    pub const TOP: f32 = 48.0;
    /// Inspector.
    pub const INSPECTOR: f32 = 336.0;
    /// Its narrowest and widest.
    pub const INSPECTOR_RANGE: [f32; 2] = [280.0, 560.0];
    /// Where much is set up in it.
    pub const INSPECTOR_TUNE: f32 = 420.0;
    /// What a page keeps at least beside an inspector; where there is less the inspector stands in its place.
    pub const PAGE_MIN: f32 = 480.0;
    /// Where an edge can be taken hold of.
    pub const GRIP: f32 = 8.0;
    /// The small window.
    pub const SMALL: [f32; 2] = [320.0, 180.0];
    /// A picture's own window, at first.
    pub const APART: [f32; 2] = [560.0, 480.0];
    /// The same, at least.
    pub const APART_MIN: [f32; 2] = [240.0, 180.0];
    /// Search in the top bar.
    pub const SEARCH: [f32; 2] = [448.0, 32.0];
    /// Below this width it is an icon.
    pub const SEARCH_MIN: f32 = 148.0;
    /// The command palette: width.
    pub const FINDER: f32 = 560.0;
    /// Its height at most.
    pub const FINDER_TALL: f32 = 560.0;
    /// Its line.
    pub const FINDER_LINE: f32 = 36.0;
    /// A thing in it.
    pub const FINDER_ROW: f32 = 32.0;
    /// The list of files being written.
    pub const JOBS: f32 = 336.0;
    /// A progress bar.
    pub const PROGRESS: f32 = 4.0;
    /// The list of layouts.
    pub const LAYOUTS: f32 = 288.0;
    /// A family in the wizard: its least width, its least height.
    pub const FAMILY: [f32; 2] = [300.0, 92.0];
    /// A step of the wizard: across.
    pub const STEP: f32 = 24.0;
    /// Its row.
    pub const STEPS: f32 = 60.0;
    /// The line between two steps: with their words, without.
    pub const STEP_LINE: [f32; 2] = [48.0, 12.0];
    /// A line of the page of keys.
    pub const KEY_LINE: f32 = 24.0;
    /// Below this width of the top bar its words become icons.
    pub const TOP_WIDE: f32 = 1100.0;
    /// Below this one only what matters most is in it.
    pub const TOP_NARROW: f32 = 760.0;
    /// Quiet bar.
    pub const BAR: f32 = 32.0;
    /// Bar of a notice that nobody took note of, of a cleared alarm, and of one line in the list of alarms.
    pub const BAR_NOTICE: f32 = 40.0;
    /// Bar of a warning that nobody took note of.
    pub const BAR_WARNING: f32 = 64.0;
    /// Bar of a danger that nobody took note of.
    pub const BAR_DANGER: f32 = 88.0;
    /// Lines of the list of alarms seen at once.
    pub const BAR_LINES: usize = 5;
    /// Button on the bar of an alarm, and the least it can be hit in.
    pub const ALARM_BUTTON: f32 = 40.0;
    /// The same on a bar as high as itself.
    pub const ALARM_BUTTON_LOW: f32 = 32.0;
    /// Room for words below which buttons of the bar become short.
    pub const BAR_WORDS: f32 = 760.0;
    /// Room for words below which they become key caps.
    pub const BAR_WORDS_MIN: f32 = 420.0;
    /// Shape on the bar of a danger.
    pub const SHAPE_DANGER: f32 = 48.0;
    /// Shape on the bar of a warning.
    pub const SHAPE_WARNING: f32 = 36.0;
    /// Shape on the bar of a notice.
    pub const SHAPE_NOTICE: f32 = 22.0;
    /// Shape on a tile.
    pub const SHAPE_TILE: f32 = 26.0;
    /// Shape in the rail.
    pub const SHAPE_RAIL: f32 = 18.0;
    /// Corners of the window while there is a danger.
    pub const CORNER: f32 = 24.0;
    /// Sound button.
    pub const SOUND: f32 = 32.0;
    /// A line to say why.
    pub const WHY: f32 = 280.0;
    /// A list with many choices scrolls from this height on.
    pub const MENU_TALL: f32 = 320.0;
    /// The keys of a page of keys.
    pub const KEYS: f32 = 110.0;
    /// A column of a page of keys.
    pub const KEY_LINES: f32 = 400.0;
    /// Control.
    pub const CONTROL: f32 = 28.0;
    /// First action of a wizard.
    pub const ACTION: f32 = 36.0;
    /// Row with one line.
    pub const ROW: f32 = 40.0;
    /// Table row.
    pub const TABLE_ROW: f32 = 26.0;
    /// Table row with two lines.
    pub const TABLE_ROW_TWO: f32 = 44.0;
    /// Section header.
    pub const SECTION: f32 = 20.0;
    /// Header of a tile.
    pub const TILE_HEAD: f32 = 44.0;
    /// Header of the large tile.
    pub const MAIN_HEAD: f32 = 56.0;
    /// A large tile is no lower than this: in less room all tiles are alike, and scrolled to.
    pub const MAIN_LOW: f32 = 264.0;
    /// Width of a column of tools.
    pub const TOOLS: f32 = 44.0;
    /// A tool.
    pub const TOOL: f32 = 40.0;
    /// Least width of the column beside an inspected picture: in a wide page, in a narrow one.
    pub const SIDE: [f32; 2] = [300.0, 292.0];
    /// Most width of it.
    pub const SIDE_MOST: f32 = 420.0;
    /// From this width of an inspection page up the column is a wide one.
    pub const SIDE_WIDE: f32 = 1080.0;
    /// A page narrower or lower than this shows the picture alone and scrolls to the rest.
    pub const INSPECT_MIN: [f32; 2] = [720.0, 460.0];
    /// Height of what stands under each other then.
    pub const INSPECT_PART: f32 = 320.0;
    /// Lowest picture then.
    pub const INSPECT_PICTURE: f32 = 160.0;
    /// Handle of a selected region.
    pub const HANDLE: f32 = 7.0;
    /// What can be hit of it.
    pub const HANDLE_HIT: f32 = 16.0;
    /// Height of the line of time.
    pub const TIME: f32 = 144.0;
    /// Of that, the row of its buttons.
    pub const TRANSPORT: f32 = 44.0;
    /// From these widths up that row has times, and words on all its buttons.
    pub const TRANSPORT_WORDS: [f32; 2] = [640.0, 1000.0];
    /// Knob of the play head.
    pub const KNOB: f32 = 12.0;
    /// A flag of a bookmark: width and height.
    pub const FLAG: [f32; 2] = [8.0, 12.0];
    /// The row of flags and of the words of alarms, over the trend.
    pub const FLAGS: f32 = 22.0;
    /// The mark of an alarm's time by its level: Danger, Warning, Notice.
    pub const SPAN: [f32; 3] = [6.0, 4.0, 2.0];
    /// A field for a time of day.
    pub const CLOCK: f32 = 96.0;
    /// Footer of a tile.
    pub const TILE_FOOT: f32 = 36.0;
    /// Footer of the large tile.
    pub const MAIN_FOOT: f32 = 84.0;
    /// Figures beside the trend of the large tile.
    pub const MAIN_FIGURES: f32 = 168.0;
    /// A main tile narrower than this has a figure of the size of the others.
    pub const NARROW_MAIN: f32 = 240.0;
    /// A palette bar with less room in height than this is left out: its ends would lie over it.
    pub const PALETTE_LEAST: f32 = 56.0;
    /// Header of a tile that has little height.
    pub const TILE_HEAD_DENSE: f32 = 36.0;
    /// Footer of a tile that has little height.
    pub const TILE_FOOT_DENSE: f32 = 28.0;
    /// Figures right of the palette bar of a tile without a footer.
    pub const TILE_FIGURES: f32 = 88.0;
    /// One of them.
    pub const TILE_LINE: f32 = 20.0;
    /// From this height down a tile has its dense header and footer.
    pub const TILE_DENSE: f32 = 224.0;
    /// Narrowest tile, taken only to show all at once: a name, its figure and a range have room.
    pub const TILE_MIN: f32 = 200.0;
    /// Lowest picture of a tile, taken only to show all at once.
    pub const TILE_PICTURE: f32 = 72.0;
    /// Narrowest tile where one has to scroll anyway.
    pub const TILE_EASY: f32 = 240.0;
    /// Room right of a picture for the palette bar and its figures.
    pub const SCALE: f32 = 52.0;
    /// The same in the large tile.
    pub const SCALE_MAIN: f32 = 72.0;
    /// Palette bar.
    pub const PALETTE: f32 = 12.0;
    /// Palette bar of the large tile.
    pub const PALETTE_MAIN: f32 = 16.0;
    /// Arm of the cross at the hottest cell, end to end.
    pub const CROSS: f32 = 22.0;
    /// State glyph.
    pub const GLYPH: f32 = 12.0;
    /// Toggle.
    pub const TOGGLE: [f32; 2] = [32.0, 18.0];
    /// Card with a question.
    pub const CARD: f32 = 640.0;
    /// Three buttons side by side.
    pub const THREE_BUTTONS: f32 = 400.0;
    /// Two buttons side by side.
    pub const TWO_BUTTONS: f32 = 166.0;
    /// Words of a choice on it.
    pub const CHOICE_WORDS: f32 = 72.0;
    /// Toast.
    pub const TOAST: f32 = 360.0;
    /// A spark line in a row.
    pub const SPARK: [f32; 2] = [96.0, 20.0];
    /// Trend in the inspector.
    pub const TREND: f32 = 72.0;
    /// Rows of air readings become two columns from this width up.
    pub const AIR_TWO: f32 = 1080.0;
    /// Share of a page's height that air readings may take from the pictures.
    pub const AIR_SHARE: f32 = 0.25;
    /// The name in a row of air readings: narrowest and widest.
    pub const AIR_NAME: [f32; 2] = [96.0, 168.0];
    /// One channel in a row of air readings: narrowest and widest.
    pub const AIR_CHANNEL: [f32; 2] = [116.0, 216.0];
    /// Narrowest spark line that still says something.
    pub const SPARK_MIN: f32 = 16.0;
    /// An alarm shape in a row.
    pub const SHAPE: f32 = 16.0;
    /// A swatch of a palette in a list.
    pub const SWATCH: [f32; 2] = [56.0, 8.0];
    /// Tag of a cell, with its last minute.
    pub const CELL_TAG: [f32; 2] = [196.0, 112.0];
    /// Figures of the axis beside the palette bar of an inspected picture.
    pub const AXIS: f32 = 52.0;
    /// Palette bar of an inspected picture.
    pub const PALETTE_LARGE: f32 = 24.0;
    /// Lowest axis of temperatures that can be read.
    pub const AXIS_MIN: f32 = 132.0;
    /// Between two figures of it, at least.
    pub const AXIS_STEP: f32 = 24.0;
    /// One bar of a histogram and the gap behind it.
    pub const BIN: [f32; 2] = [5.0, 1.0];
    /// Share of the room beside an axis that the longest bar takes: words stand behind it.
    pub const HISTOGRAM_SHARE: f32 = 0.8;
    /// Handle at an end of a range: how far it points, how wide it is.
    pub const RANGE_HANDLE: [f32; 2] = [8.0, 10.0];
    /// Small tile beside an inspected picture: narrowest.
    pub const OTHER: f32 = 120.0;
    /// Its header.
    pub const OTHER_HEAD: f32 = 28.0;
    /// Controls of pictures need so much room; in less they are one list.
    pub const CONTROLS: f32 = 560.0;
    /// Room that the controls left of a palette need, beside what marks it.
    pub const UNSAFE_ROOM: f32 = 320.0;
    /// How many devices stand how.
    pub const COUNTS: f32 = 320.0;
    /// A tab of the board of which only the icon is seen.
    pub const TAB_ICON: f32 = 40.0;
    /// Tabs over a pane of the board.
    pub const TABS: f32 = 36.0;
    /// A tab is no narrower.
    pub const TAB: f32 = 72.0;
    /// A tab with its name and its button.
    pub const TAB_EASY: f32 = 112.0;
    /// Least width and height of a pane.
    pub const PANE: f32 = 112.0;
    /// A popup with choices.
    pub const MENU: f32 = 216.0;
    /// Text field for a name.
    pub const FIELD: f32 = 200.0;
    /// Field for a figure.
    pub const FIGURE: f32 = 72.0;
    /// Track of a value against its limit.
    pub const LIMIT_BAR: f32 = 6.0;
    /// Tick of the value on it.
    pub const LIMIT_TICK: f32 = 14.0;
    /// List of rules beside the editor: in a wide page, in a narrow one.
    pub const RULES: [f32; 2] = [320.0, 256.0];
    /// The widest choice in the editor of rules.
    pub const RULE_CHOICE: f32 = 300.0;
    /// Below this width of the page the list of rules stands over the editor, with this share of the height.
    pub const RULES_OVER: (f32, f32) = (720.0, 0.34);
    /// Below this width the name of a rule has a line of its own.
    pub const RULE_HEAD: f32 = 620.0;
    /// A rule in the list.
    pub const RULE_ROW: f32 = 48.0;
    /// A source of a rule.
    pub const SOURCE_ROW: f32 = 48.0;
    /// A long list of choices.
    pub const MENU_HIGH: f32 = 320.0;
    /// A figure of four digits with its unit.
    pub const FIGURE_SHORT: f32 = 48.0;
    /// Column right of the heat on the overview.
    pub const OVERVIEW_SIDE: f32 = 320.0;
    /// From this width up alarms stand beside lights or air under the heat.
    pub const OVERVIEW_TWO: f32 = 900.0;
    /// From this width up alarms, lights and air stand side by side under the heat.
    pub const OVERVIEW_THREE: f32 = 1160.0;
    /// A room on the overview: the widest slider, its share of the free width, and from which width of the row on it has a
    /// swatch.
    pub const ROOM_SLIDER: (f32, f32, f32) = (220.0, 0.42, 440.0);
    /// From this width of its name on a room says in words what it else says with a glyph.
    pub const ROOM_WORDY: f32 = 168.0;
    /// Rooms that fill the overview become one more column with each such width.
    pub const ROOM_COLUMN: f32 = 420.0;
    /// Share of a page's height that heat has at least.
    pub const HEAT_SHARE: f32 = 0.6;
    /// Large alarm shape, before a tile's name.
    pub const SHAPE_LARGE: f32 = 26.0;
    /// Row with two lines.
    pub const ROW_TWO: f32 = 44.0;
    /// Row of a dense list.
    pub const ROW_DENSE: f32 = 32.0;
    /// An opened entry of the journal.
    pub const ENTRY: f32 = 360.0;
    /// Left of a plot, for the figures of its axis.
    pub const PLOT_LEFT: f32 = 52.0;
    /// Right of a plot, for the names of its limits at least, and of its lines.
    pub const PLOT_RIGHT: [f32; 2] = [84.0, 132.0];
    /// Under a plot, for times.
    pub const PLOT_FOOT: f32 = 20.0;
    /// Between two ticks of time, at least.
    pub const PLOT_TICK: f32 = 88.0;
    /// Between two ticks of values, at least.
    pub const PLOT_LINE: f32 = 32.0;
    /// Height of a slider: all of it can be hit.
    pub const SLIDER: f32 = 20.0;
    /// Track of a slider.
    pub const SLIDER_TRACK: f32 = 4.0;
    /// Track of a slider over colours.
    pub const SLIDER_COLORS: f32 = 10.0;
    /// Knob of a slider.
    pub const SLIDER_KNOB: f32 = 14.0;
    /// Band of a slider from the lowest to the highest of many.
    pub const SLIDER_BAND: f32 = 8.0;
    /// Tick of one of them.
    pub const SLIDER_TICK: f32 = 12.0;
    /// Round handle over colours.
    pub const RING: f32 = 18.0;
    /// Handle of the colour wheel.
    pub const WHEEL_HANDLE: f32 = 22.0;
    /// The colour wheel, at most.
    pub const WHEEL: f32 = 216.0;
    /// The fields beside it.
    pub const WHEEL_SIDE: f32 = 124.0;
    /// A colour to be picked.
    pub const DOT: f32 = 20.0;
    /// Cells of a light's segments.
    pub const CELLS: f32 = 28.0;
    /// A stop under them: width and height.
    pub const STOP: [f32; 2] = [12.0, 14.0];
    /// What can be hit of it.
    pub const STOP_HIT: f32 = 24.0;
    /// Inspector of a light.
    pub const INSPECTOR_LIGHT: f32 = 400.0;
    /// A light in the list.
    pub const LIGHT_ROW: f32 = 44.0;
    /// The scenes of a room in the list.
    pub const SCENES_ROW: f32 = 44.0;
    /// What a light shows, in its row.
    pub const LIGHT_SWATCH: [f32; 2] = [80.0, 14.0];
    /// Who drives it, in its row: from this width of the list up, and how wide.
    pub const LIGHT_BY: [f32; 2] = [760.0, 190.0];
    /// How fast it answers, in its row: from this width of the list up, and how wide.
    pub const LIGHT_ANSWER: [f32; 2] = [900.0, 60.0];
    /// A brightness in percent, or a span of them.
    pub const PERCENT: f32 = 60.0;
    /// Share of a row's free width that the name of a light takes.
    pub const LIGHT_NAME: f32 = 0.42;
    /// A layer in the list of who controls a light.
    pub const LAYER_ROW: f32 = 30.0;
    /// The word of its kind.
    pub const LAYER_KIND: f32 = 84.0;
    /// The master brightness: its track, its figure.
    pub const MASTER: [f32; 2] = [144.0, 40.0];
    /// The master brightness becomes an icon below this width of the top bar.
    pub const MASTER_FROM: f32 = 1400.0;
    /// The list of lights in an editor, at most.
    pub const EDITOR_LIST: f32 = 320.0;
    /// The link button with its ring, across.
    pub const LINK: f32 = 224.0;
    /// Its ring.
    pub const LINK_RING: f32 = 10.0;
    /// Between the ring and the button in it: here are the ticks.
    pub const LINK_TICKS: f32 = 16.0;
    /// From this width of the page up the link button, the log and the checks stand side by side; and from this one the
    /// first and the last of them.
    pub const PAIRING: [f32; 2] = [1000.0, 620.0];
    /// The column of the link button, and that of the checks.
    pub const PAIRING_SIDES: [f32; 2] = [288.0, 376.0];
    /// How high the log of apps is at least.
    pub const LOG: f32 = 300.0;
    /// A line of it.
    pub const LOG_ROW: f32 = 40.0;
    /// Times in it.
    pub const LOG_TIME: f32 = 72.0;
    /// A code that cameras read.
    pub const QR: f32 = 152.0;
    /// From this width of the page up the head of Automations stands in one line.
    pub const AUTOMATIONS_HEAD: f32 = 900.0;
    /// A schedule in its list.
    pub const PLAN_ROW: f32 = 56.0;
    /// From these widths of the list up a schedule says when it acts, and when it did.
    pub const PLAN_PARTS: [f32; 2] = [520.0, 760.0];
    /// When a schedule acted and will act.
    pub const PLAN_TIMES: f32 = 176.0;
    /// The editor of a schedule; and from this width of the page up it stands beside the list.
    pub const PLAN_EDITOR: [f32; 2] = [440.0, 960.0];
}

/// Spacing in points; it does not grow with the text.
pub mod space {
    /// Between things that belong together.
    pub const XS: f32 = 4.0;
    /// Between controls.
    pub const S: f32 = 8.0;
    /// In a tile.
    pub const M: f32 = 12.0;
    /// In an inspector section, above and below.
    pub const SECTION: f32 = 14.0;
    /// Page margin, between tiles.
    pub const L: f32 = 16.0;
    /// Between sections of a page.
    pub const XL: f32 = 24.0;
    /// Around a card.
    pub const XXL: f32 = 32.0;
}

/// Corner radii in points.
pub mod radius {
    /// Tile and panel.
    pub const TILE: u8 = 8;
    /// Control, chip, row mark.
    pub const CONTROL: u8 = 4;
    /// Picture and bar.
    pub const PICTURE: u8 = 2;
    /// Key cap.
    pub const KEY: u8 = 3;
}

/// Widths of strokes in points.
pub mod stroke {
    /// Border of a large picture of the past.
    pub const PAST: f32 = 2.0;
    /// The same of a small one, and of the badge.
    pub const PAST_SMALL: f32 = 1.5;
    /// The play head on the line of time.
    pub const HEAD: f32 = 2.0;
    /// Hairline and border of controls.
    pub const HAIR: f32 = 1.0;
    /// Selected tile.
    pub const SELECTED: f32 = 1.5;
    /// Focus ring.
    pub const FOCUS: f32 = 2.0;
    /// Room between a control and its focus ring.
    pub const FOCUS_GAP: f32 = 2.0;
    /// Glyphs drawn in outline.
    pub const GLYPH: f32 = 1.5;
    /// Glyphs drawn as one line.
    pub const GLYPH_LINE: f32 = 1.8;
    /// Small charts.
    pub const SPARK: f32 = 1.25;
    /// Marks over a picture.
    pub const MARK: f32 = 2.0;
    /// Their halo.
    pub const HALO: f32 = 4.5;
    /// The halo of marks in a small picture.
    pub const SMALL_HALO: f32 = 2.5;
    /// Each of the two lines of an isotherm in a picture.
    pub const CONTOUR: f32 = 1.5;
    /// Level line on top of an active bar.
    pub const LEVEL: f32 = 2.0;
    /// Tile with an alarm.
    pub const ALARM: f32 = 2.0;
    /// Window border while there is a danger.
    pub const BORDER_DANGER: f32 = 4.0;
    /// Window border while there is a warning.
    pub const BORDER_WARNING: f32 = 2.0;
    /// White ring of a handle over colours.
    pub const RING: f32 = 3.0;
    /// Dashes of the outline of a test, and the gaps between them.
    pub const TEST: [f32; 2] = [8.0, 5.0];
}

/// Shares of a colour that are laid over a ground.
pub mod shade {
    /// The shape of an alarm that is over; its words say so, this only lets it stand back.
    pub const OVER: f32 = 0.7;
    /// Band between lowest and highest.
    pub const BAND: f32 = 0.25;
    /// Time of an alarm in a plot, and the time that is being chosen.
    pub const SPAN: f32 = 0.10;
    /// How much of the ground lies over colours that a light cannot show.
    pub const OUTSIDE: f32 = 0.66;
}

/// Dash patterns of lines: lengths of dashes and of the gaps behind them, in points.
pub mod dash {
    /// A limit.
    pub const LIMIT: (&[f32], &[f32]) = (&[6.0], &[4.0]);
    /// The sides of an alarm's time.
    pub const DOTS: (&[f32], &[f32]) = (&[2.0], &[3.0]);
    /// An isotherm on an axis.
    pub const LEVEL: (f32, f32) = (4.0, 3.0);
    /// An isotherm in a picture.
    pub const ISOTHERM: (f32, f32) = (9.0, 5.0);
    /// The border of a picture of the past.
    pub const PAST: (&[f32], &[f32]) = (&[5.0], &[4.0]);
    /// Chart series, in the order in which they are used; the first two are solid.
    pub const SERIES: [(&[f32], &[f32]); 6] =
        [(&[], &[]), (&[], &[]), (&[6.0], &[3.0]), (&[2.0], &[2.0]), (&[8.0, 2.0], &[3.0, 3.0]), (&[10.0], &[4.0])];
}

/// Durations.
pub mod time {
    use super::Duration;

    /// A new order of tiles waits so long at most while the pointer is over them.
    pub const ORDER: Duration = Duration::from_secs(3);
    /// After this a question to the engine that was not answered is asked again.
    pub const ASK_AGAIN: Duration = Duration::from_secs(2);
    /// A live trend is asked for so often.
    pub const TREND: Duration = Duration::from_secs(1);
    /// How far back the trend on the overview looks.
    pub const OVERVIEW: Duration = Duration::from_secs(600);

    /// While the past plays, pictures are looked for so often.
    pub const PLAY: Duration = Duration::from_millis(60);
    /// One skip on the line of time, s.
    pub const SKIP_S: i64 = 10;

    /// Toggle and segment.
    pub const TOGGLE: Duration = Duration::from_millis(80);
    /// Alarm bar growing.
    pub const GROW: Duration = Duration::from_millis(120);
    /// How long after its start the window of a test stalls.
    pub const STALL_AFTER: Duration = Duration::from_secs(5);
    /// Within this time a key pressed twice is a double press.
    pub const TWICE: Duration = Duration::from_millis(600);
    /// How the window was left is kept so long after it last changed.
    pub const LEFT: Duration = Duration::from_secs(1);
    /// A job that takes longer shows how far it is.
    pub const JOB: Duration = Duration::from_secs(1);
    /// How long a toast stays after the pointer left it.
    pub const TOAST_LEFT: Duration = Duration::from_secs(1);
    /// After so long an answer that did not come is no longer waited for.
    pub const ANSWER: Duration = Duration::from_secs(2);
    /// How long a toast stays.
    pub const TOAST: Duration = Duration::from_secs(5);
    /// How long a wake-up of the window waits for company.
    pub const WAKE: Duration = Duration::from_millis(20);
    /// The same while the window is hidden: nobody waits for it but who asks it to come forward.
    pub const WAKE_HIDDEN: Duration = Duration::from_millis(250);
    /// What draining facts may take of one window frame.
    pub const DRAIN: Duration = Duration::from_millis(4);
    /// How often the health figures are taken.
    pub const PULSE: Duration = Duration::from_secs(1);
    /// How fast a slow range follows: its time constant.
    pub const FOLLOW: Duration = Duration::from_millis(500);
    /// The pointer rests on a cell of a picture so long before its past is asked for.
    pub const REST: Duration = Duration::from_millis(150);
    /// How far back the line in the tag of a cell looks.
    pub const CELL: Duration = Duration::from_secs(60);
    /// Two pictures so far apart, ms, do not belong to one line.
    pub const CELL_LEAP: i64 = 10_000;
    /// How far back the rate of change looks.
    pub const RATE: Duration = Duration::from_secs(60);
    /// A control that was moved shows what the hand did for so long, until its command came back.
    pub const HAND: Duration = Duration::from_millis(300);
    /// The ring of the link button is drawn so often.
    pub const RING: Duration = Duration::from_millis(50);
    /// What apps asked of the bridge is looked at so often while pairing is open, and else.
    pub const VISITS: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(1)];
    /// An app counts as just paired for so long, s.
    pub const PAIRED_S: i64 = 120;
    /// A switch that was pressed is marked for so long.
    pub const PRESSED: Duration = Duration::from_secs(3);
    /// One turn of the arc of something pending.
    pub const TURN: Duration = Duration::from_millis(1_200);
}

/// The faces of the two families, and the icons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Inter 400.
    Regular,
    /// Inter 500.
    Medium,
    /// Inter 600.
    SemiBold,
    /// JetBrains Mono 400.
    Mono,
    /// JetBrains Mono 500.
    MonoMedium,
    /// Lucide.
    Icons,
}

/// A role of text: face, size, line height and letter spacing in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Type {
    /// Face.
    pub face: Face,
    /// Size.
    pub size: f32,
    /// Line height.
    pub line: f32,
    /// Added between letters.
    pub spacing: f32,
}

const fn face(face: Face, size: f32, line: f32, spacing: f32) -> Type {
    Type { face, size, line, spacing }
}

/// Roles of text. Every figure that can change is mono.
pub mod text {
    use super::{Face, Type, face};

    /// Hero figure.
    pub const HERO: Type = face(Face::MonoMedium, 40.0, 48.0, -1.2);
    /// Unit behind a hero figure.
    pub const HERO_UNIT: Type = face(Face::Regular, 20.0, 24.0, 0.0);
    /// Figure of the large tile.
    pub const MAIN_FIGURE: Type = face(Face::MonoMedium, 36.0, 44.0, -1.0);
    /// Its unit.
    pub const MAIN_UNIT: Type = face(Face::Regular, 18.0, 24.0, 0.0);
    /// Figure of a tile.
    pub const TILE_FIGURE: Type = face(Face::MonoMedium, 22.0, 28.0, -0.5);
    /// Figure in the tag of a cell.
    pub const TAG_FIGURE: Type = face(Face::MonoMedium, 16.0, 24.0, 0.0);
    /// Its unit.
    pub const TILE_UNIT: Type = face(Face::Regular, 12.0, 16.0, 0.0);
    /// Figure in a list or table.
    pub const FIGURE: Type = face(Face::Mono, 12.5, 18.0, 0.0);
    /// The same where it leads.
    pub const FIGURE_STRONG: Type = face(Face::MonoMedium, 12.5, 18.0, 0.0);
    /// Figure on an axis or in a pill.
    pub const AXIS_FIGURE: Type = face(Face::Mono, 11.0, 16.0, 0.0);
    /// Page title.
    pub const TITLE: Type = face(Face::SemiBold, 20.0, 28.0, 0.0);
    /// A thing's name in the inspector.
    pub const NAME: Type = face(Face::SemiBold, 18.0, 24.0, 0.0);
    /// A thing's name on a tile.
    pub const TILE_NAME: Type = face(Face::SemiBold, 15.0, 20.0, 0.0);
    /// A sentence that stands alone.
    pub const LEAD: Type = face(Face::Regular, 15.0, 22.0, 0.0);
    /// How long an alarm has been there.
    pub const ELAPSED: Type = face(Face::Mono, 14.0, 20.0, 0.0);
    /// Body.
    pub const BODY: Type = face(Face::Regular, 13.0, 18.0, 0.0);
    /// Button, row.
    pub const BUTTON: Type = face(Face::Medium, 13.0, 18.0, 0.0);
    /// A word that leads a sentence.
    pub const STRONG: Type = face(Face::SemiBold, 13.0, 18.0, 0.0);
    /// Side fact.
    pub const SIDE: Type = face(Face::Regular, 12.0, 16.0, 0.0);
    /// Section header, written in capitals.
    pub const SECTION: Type = face(Face::SemiBold, 11.0, 16.0, 0.7);
    /// Column header.
    pub const COLUMN: Type = face(Face::Regular, 11.0, 16.0, 0.0);
    /// Key cap.
    pub const KEY: Type = face(Face::MonoMedium, 11.0, 16.0, 0.0);
    /// Digit on a tool.
    pub const TOOL_KEY: Type = face(Face::MonoMedium, 10.0, 12.0, 0.0);
    /// Icon in a button.
    pub const ICON_S: Type = face(Face::Icons, 14.0, 14.0, 0.0);
    /// Icon beside a word.
    pub const ICON_M: Type = face(Face::Icons, 16.0, 16.0, 0.0);
    /// Icon in the rail and top bar.
    pub const ICON_L: Type = face(Face::Icons, 18.0, 18.0, 0.0);
    /// Icon of an empty state.
    pub const ICON_XL: Type = face(Face::Icons, 32.0, 32.0, 0.0);
}

/// The contrast ratio of two colours, 1.0..=21.0 (WCAG 2.2, "contrast ratio").
#[must_use]
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance, 0.0..=1.0 (WCAG 2.2, "relative luminance").
fn luminance(color: Color32) -> f32 {
    let linear = |channel: u8| {
        let c = f32::from(channel) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}
