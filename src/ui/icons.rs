//! Names of the icons: characters of the icon font (Lucide, a subset).
//!
//! Invariant: every constant here has a glyph in `assets/fonts/lucide-subset.ttf`; a test looks each up.

/// Lucide "activity".
pub const ACTIVITY: char = '\u{e038}';
/// Lucide "arrow-down".
pub const ARROW_DOWN: char = '\u{e042}';
/// Lucide "arrow-left".
pub const ARROW_LEFT: char = '\u{e048}';
/// Lucide "arrow-right".
pub const ARROW_RIGHT: char = '\u{e049}';
/// Lucide "arrow-up".
pub const ARROW_UP: char = '\u{e04a}';
/// Lucide "bell".
pub const BELL: char = '\u{e059}';
/// Lucide "bell-off".
pub const BELL_OFF: char = '\u{e05a}';
/// Lucide "bird".
pub const BIRD: char = '\u{e3c5}';
/// Lucide "bookmark".
pub const BOOKMARK: char = '\u{e060}';
/// Lucide "bug".
pub const BUG: char = '\u{e20c}';
/// Lucide "camera".
pub const CAMERA: char = '\u{e064}';
/// Lucide "cctv".
pub const CCTV: char = '\u{e57d}';
/// Lucide "chart-line".
pub const CHART_LINE: char = '\u{e2a5}';
/// Lucide "check".
pub const CHECK: char = '\u{e06c}';
/// Lucide "chevron-down".
pub const CHEVRON_DOWN: char = '\u{e06d}';
/// Lucide "chevron-left".
pub const CHEVRON_LEFT: char = '\u{e06e}';
/// Lucide "chevron-right".
pub const CHEVRON_RIGHT: char = '\u{e06f}';
/// Lucide "chevron-up".
pub const CHEVRON_UP: char = '\u{e070}';
/// Lucide "circle".
pub const CIRCLE: char = '\u{e076}';
/// Lucide "circle-alert".
pub const CIRCLE_ALERT: char = '\u{e077}';
/// Lucide "circle-check".
pub const CIRCLE_CHECK: char = '\u{e226}';
/// Lucide "circle-dot".
pub const CIRCLE_DOT: char = '\u{e345}';
/// Lucide "circle-help".
pub const CIRCLE_HELP: char = '\u{e082}';
/// Lucide "circle-slash".
pub const CIRCLE_SLASH: char = '\u{e402}';
/// Lucide "circle-stop".
pub const CIRCLE_STOP: char = '\u{e083}';
/// Lucide "circle-x".
pub const CIRCLE_X: char = '\u{e084}';
/// Lucide "clock".
pub const CLOCK: char = '\u{e087}';
/// Lucide "cloud-fog".
pub const CLOUD_FOG: char = '\u{e214}';
/// Lucide "contrast".
pub const CONTRAST: char = '\u{e09d}';
/// Lucide "copy".
pub const COPY: char = '\u{e09e}';
/// Lucide "cpu".
pub const CPU: char = '\u{e0a9}';
/// Lucide "crosshair".
pub const CROSSHAIR: char = '\u{e0ac}';
/// Lucide "database".
pub const DATABASE: char = '\u{e0ad}';
/// Lucide "download".
pub const DOWNLOAD: char = '\u{e0b2}';
/// Lucide "droplet".
pub const DROPLET: char = '\u{e0b4}';
/// Lucide "ellipsis".
pub const ELLIPSIS: char = '\u{e0b6}';
/// Lucide "external-link".
pub const EXTERNAL_LINK: char = '\u{e0b9}';
/// Lucide "eye".
pub const EYE: char = '\u{e0ba}';
/// Lucide "eye-off".
pub const EYE_OFF: char = '\u{e0bb}';
/// Lucide "fast-forward".
pub const FAST_FORWARD: char = '\u{e0bd}';
/// Lucide "file-text".
pub const FILE_TEXT: char = '\u{e0cc}';
/// Lucide "filter".
pub const FILTER: char = '\u{e0dc}';
/// Lucide "flame".
pub const FLAME: char = '\u{e0d2}';
/// Lucide "flip-horizontal".
pub const FLIP_HORIZONTAL: char = '\u{e35d}';
/// Lucide "flip-vertical".
pub const FLIP_VERTICAL: char = '\u{e35f}';
/// Lucide "folder".
pub const FOLDER: char = '\u{e0d7}';
/// Lucide "folder-open".
pub const FOLDER_OPEN: char = '\u{e247}';
/// Lucide "gauge".
pub const GAUGE: char = '\u{e1bf}';
/// Lucide "globe".
pub const GLOBE: char = '\u{e0e8}';
/// Lucide "grid-2x2".
pub const GRID_2X2: char = '\u{e4ff}';
/// Lucide "grip-vertical".
pub const GRIP_VERTICAL: char = '\u{e0eb}';
/// Lucide "hand".
pub const HAND: char = '\u{e1d7}';
/// Lucide "hard-drive".
pub const HARD_DRIVE: char = '\u{e0ed}';
/// Lucide "history".
pub const HISTORY: char = '\u{e1f5}';
/// Lucide "house".
pub const HOUSE: char = '\u{e0f5}';
/// Lucide "image".
pub const IMAGE: char = '\u{e0f6}';
/// Lucide "info".
pub const INFO: char = '\u{e0f9}';
/// Lucide "key".
pub const KEY: char = '\u{e0fd}';
/// Lucide "keyboard".
pub const KEYBOARD: char = '\u{e284}';
/// Lucide "layers".
pub const LAYERS: char = '\u{e529}';
/// Lucide "layout-dashboard".
pub const LAYOUT_DASHBOARD: char = '\u{e1c1}';
/// Lucide "lightbulb".
pub const LIGHTBULB: char = '\u{e1c2}';
/// Lucide "link".
pub const LINK: char = '\u{e102}';
/// Lucide "list".
pub const LIST: char = '\u{e106}';
/// Lucide "lock".
pub const LOCK: char = '\u{e10b}';
/// Lucide "lock-open".
pub const LOCK_OPEN: char = '\u{e10c}';
/// Lucide "log-out".
pub const LOG_OUT: char = '\u{e10e}';
/// Lucide "maximize".
pub const MAXIMIZE: char = '\u{e112}';
/// Lucide "menu".
pub const MENU: char = '\u{e115}';
/// Lucide "minimize".
pub const MINIMIZE: char = '\u{e11a}';
/// Lucide "minus".
pub const MINUS: char = '\u{e11c}';
/// Lucide "monitor".
pub const MONITOR: char = '\u{e11d}';
/// Lucide "moon".
pub const MOON: char = '\u{e11e}';
/// Lucide "mouse-pointer".
pub const MOUSE_POINTER: char = '\u{e11f}';
/// Lucide "move".
pub const MOVE: char = '\u{e121}';
/// Lucide "network".
pub const NETWORK: char = '\u{e125}';
/// Lucide "octagon".
pub const OCTAGON: char = '\u{e126}';
/// Lucide "octagon-alert".
pub const OCTAGON_ALERT: char = '\u{e127}';
/// Lucide "palette".
pub const PALETTE: char = '\u{e1dd}';
/// Lucide "pause".
pub const PAUSE: char = '\u{e12e}';
/// Lucide "pencil".
pub const PENCIL: char = '\u{e1f9}';
/// Lucide "pentagon".
pub const PENTAGON: char = '\u{e52b}';
/// Lucide "pin".
pub const PIN: char = '\u{e259}';
/// Lucide "pin-off".
pub const PIN_OFF: char = '\u{e2b6}';
/// Lucide "play".
pub const PLAY: char = '\u{e13c}';
/// Lucide "plug".
pub const PLUG: char = '\u{e37f}';
/// Lucide "plug-zap".
pub const PLUG_ZAP: char = '\u{e45c}';
/// Lucide "plus".
pub const PLUS: char = '\u{e13d}';
/// Lucide "power".
pub const POWER: char = '\u{e140}';
/// Lucide "printer".
pub const PRINTER: char = '\u{e141}';
/// Lucide "radio".
pub const RADIO: char = '\u{e142}';
/// Lucide "redo".
pub const REDO: char = '\u{e143}';
/// Lucide "refresh-cw".
pub const REFRESH_CW: char = '\u{e145}';
/// Lucide "rewind".
pub const REWIND: char = '\u{e147}';
/// Lucide "rotate-ccw".
pub const ROTATE_CCW: char = '\u{e148}';
/// Lucide "rotate-cw".
pub const ROTATE_CW: char = '\u{e149}';
/// Lucide "ruler".
pub const RULER: char = '\u{e14b}';
/// Lucide "save".
pub const SAVE: char = '\u{e14d}';
/// Lucide "scan".
pub const SCAN: char = '\u{e257}';
/// Lucide "search".
pub const SEARCH: char = '\u{e151}';
/// Lucide "server".
pub const SERVER: char = '\u{e153}';
/// Lucide "settings".
pub const SETTINGS: char = '\u{e154}';
/// Lucide "settings-2".
pub const SETTINGS_2: char = '\u{e245}';
/// Lucide "shield".
pub const SHIELD: char = '\u{e158}';
/// Lucide "shield-alert".
pub const SHIELD_ALERT: char = '\u{e1fe}';
/// Lucide "shield-check".
pub const SHIELD_CHECK: char = '\u{e1ff}';
/// Lucide "skip-back".
pub const SKIP_BACK: char = '\u{e15f}';
/// Lucide "skip-forward".
pub const SKIP_FORWARD: char = '\u{e160}';
/// Lucide "sliders-horizontal".
pub const SLIDERS_HORIZONTAL: char = '\u{e29a}';
/// Lucide "sparkles".
pub const SPARKLES: char = '\u{e412}';
/// Lucide "spline".
pub const SPLINE: char = '\u{e38b}';
/// Lucide "square".
pub const SQUARE: char = '\u{e167}';
/// Lucide "square-stop".
pub const SQUARE_STOP: char = '\u{e685}';
/// Lucide "step-back".
pub const STEP_BACK: char = '\u{e3e9}';
/// Lucide "step-forward".
pub const STEP_FORWARD: char = '\u{e3ea}';
/// Lucide "sun".
pub const SUN: char = '\u{e178}';
/// Lucide "tag".
pub const TAG: char = '\u{e17f}';
/// Lucide "terminal".
pub const TERMINAL: char = '\u{e181}';
/// Lucide "thermometer".
pub const THERMOMETER: char = '\u{e186}';
/// Lucide "thermometer-snowflake".
pub const THERMOMETER_SNOWFLAKE: char = '\u{e187}';
/// Lucide "thermometer-sun".
pub const THERMOMETER_SUN: char = '\u{e188}';
/// Lucide "trash-2".
pub const TRASH_2: char = '\u{e18e}';
/// Lucide "triangle".
pub const TRIANGLE: char = '\u{e192}';
/// Lucide "triangle-alert".
pub const TRIANGLE_ALERT: char = '\u{e193}';
/// Lucide "tv".
pub const TV: char = '\u{e195}';
/// Lucide "type".
pub const TYPE: char = '\u{e198}';
/// Lucide "undo".
pub const UNDO: char = '\u{e19b}';
/// Lucide "unplug".
pub const UNPLUG: char = '\u{e45d}';
/// Lucide "upload".
pub const UPLOAD: char = '\u{e19e}';
/// Lucide "user".
pub const USER: char = '\u{e19f}';
/// Lucide "volume-2".
pub const VOLUME_2: char = '\u{e1ab}';
/// Lucide "volume-x".
pub const VOLUME_X: char = '\u{e1ac}';
/// Lucide "wand-sparkles".
pub const WAND_SPARKLES: char = '\u{e357}';
/// Lucide "wifi".
pub const WIFI: char = '\u{e1ae}';
/// Lucide "wifi-off".
pub const WIFI_OFF: char = '\u{e1af}';
/// Lucide "wind".
pub const WIND: char = '\u{e1b0}';
/// Lucide "workflow".
pub const WORKFLOW: char = '\u{e425}';
/// Lucide "x".
pub const X: char = '\u{e1b2}';
/// Lucide "zap".
pub const ZAP: char = '\u{e1b4}';

/// All of them, for tests.
pub const ALL: &[char] = &[
    ACTIVITY,
    ARROW_DOWN,
    ARROW_LEFT,
    ARROW_RIGHT,
    ARROW_UP,
    BELL,
    BELL_OFF,
    BIRD,
    BOOKMARK,
    BUG,
    CAMERA,
    CCTV,
    CHART_LINE,
    CHECK,
    CHEVRON_DOWN,
    CHEVRON_LEFT,
    CHEVRON_RIGHT,
    CHEVRON_UP,
    CIRCLE,
    CIRCLE_ALERT,
    CIRCLE_CHECK,
    CIRCLE_DOT,
    CIRCLE_HELP,
    CIRCLE_SLASH,
    CIRCLE_STOP,
    CIRCLE_X,
    CLOCK,
    CLOUD_FOG,
    CONTRAST,
    COPY,
    CPU,
    CROSSHAIR,
    DATABASE,
    DOWNLOAD,
    DROPLET,
    ELLIPSIS,
    EXTERNAL_LINK,
    EYE,
    EYE_OFF,
    FAST_FORWARD,
    FILE_TEXT,
    FILTER,
    FLAME,
    FLIP_HORIZONTAL,
    FLIP_VERTICAL,
    FOLDER,
    FOLDER_OPEN,
    GAUGE,
    GLOBE,
    GRID_2X2,
    GRIP_VERTICAL,
    HAND,
    HARD_DRIVE,
    HISTORY,
    HOUSE,
    IMAGE,
    INFO,
    KEY,
    KEYBOARD,
    LAYERS,
    LAYOUT_DASHBOARD,
    LIGHTBULB,
    LINK,
    LIST,
    LOCK,
    LOCK_OPEN,
    LOG_OUT,
    MAXIMIZE,
    MENU,
    MINIMIZE,
    MINUS,
    MONITOR,
    MOON,
    MOUSE_POINTER,
    MOVE,
    NETWORK,
    OCTAGON,
    OCTAGON_ALERT,
    PALETTE,
    PAUSE,
    PENCIL,
    PENTAGON,
    PIN,
    PIN_OFF,
    PLAY,
    PLUG,
    PLUG_ZAP,
    PLUS,
    POWER,
    PRINTER,
    RADIO,
    REDO,
    REFRESH_CW,
    REWIND,
    ROTATE_CCW,
    ROTATE_CW,
    RULER,
    SAVE,
    SCAN,
    SEARCH,
    SERVER,
    SETTINGS,
    SETTINGS_2,
    SHIELD,
    SHIELD_ALERT,
    SHIELD_CHECK,
    SKIP_BACK,
    SKIP_FORWARD,
    SLIDERS_HORIZONTAL,
    SPARKLES,
    SPLINE,
    SQUARE,
    SQUARE_STOP,
    STEP_BACK,
    STEP_FORWARD,
    SUN,
    TAG,
    TERMINAL,
    THERMOMETER,
    THERMOMETER_SNOWFLAKE,
    THERMOMETER_SUN,
    TRASH_2,
    TRIANGLE,
    TRIANGLE_ALERT,
    TV,
    TYPE,
    UNDO,
    UNPLUG,
    UPLOAD,
    USER,
    VOLUME_2,
    VOLUME_X,
    WAND_SPARKLES,
    WIFI,
    WIFI_OFF,
    WIND,
    WORKFLOW,
    X,
    ZAP,
];
