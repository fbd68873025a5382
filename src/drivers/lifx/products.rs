//! What LIFX products can do, as data: vendor 1, from the maker's public list of products.
//!
//! Invariant: sorted by number, each once.
//!
//! To add one: a line. A product that is not in the table is asked what it can do.

/// What a product is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One light.
    Bulb,
    /// Zones in a row.
    Strip {
        /// From which firmware, major and minor, it takes all zones at once; `None` if never.
        extended_from: Option<(u16, u16)>,
    },
    /// Tiles of cells.
    Matrix,
}

/// A product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its number.
    pub id: u32,
    /// Its name.
    pub name: &'static str,
    /// Whether it mixes colours.
    pub color: bool,
    /// Its warmest white, K.
    pub warmest: u16,
    /// Its coldest white, K.
    pub coldest: u16,
    /// What it is made of.
    pub shape: Shape,
}

const fn bulb(id: u32, name: &'static str, warmest: u16, coldest: u16) -> Product {
    Product { id, name, color: true, warmest, coldest, shape: Shape::Bulb }
}

const fn white(id: u32, name: &'static str, warmest: u16, coldest: u16) -> Product {
    Product { color: false, ..bulb(id, name, warmest, coldest) }
}

const fn strip(id: u32, name: &'static str, warmest: u16, coldest: u16) -> Product {
    Product { shape: Shape::Strip { extended_from: Some((0, 0)) }, ..bulb(id, name, warmest, coldest) }
}

const fn later_strip(id: u32, name: &'static str, warmest: u16, coldest: u16) -> Product {
    Product { shape: Shape::Strip { extended_from: Some((2, 77)) }, ..bulb(id, name, warmest, coldest) }
}

const fn old_strip(id: u32, name: &'static str, warmest: u16, coldest: u16) -> Product {
    Product { shape: Shape::Strip { extended_from: None }, ..bulb(id, name, warmest, coldest) }
}

const fn matrix(id: u32, name: &'static str, warmest: u16, coldest: u16) -> Product {
    Product { shape: Shape::Matrix, ..bulb(id, name, warmest, coldest) }
}

/// The product of this number.
#[must_use]
pub fn find(id: u32) -> Option<&'static Product> {
    PRODUCTS.binary_search_by_key(&id, |product| product.id).ok().and_then(|at| PRODUCTS.get(at))
}

/// All of them. Switches are not lights and not in here.
pub const PRODUCTS: &[Product] = &[
    bulb(1, "LIFX Original", 2500, 9000),
    bulb(2, "LIFX Original 1000", 2500, 9000),
    bulb(3, "LIFX Color 650", 2500, 9000),
    white(10, "LIFX White 800 (LV)", 2700, 6500),
    white(11, "LIFX White 800 (HV)", 2700, 6500),
    white(12, "LIFX LCMv4 White OEM (A19 LV)", 2700, 2700),
    white(13, "LIFX LCMv4 White OEM (A19 HV)", 2700, 2700),
    bulb(14, "LIFX Carbon Prototype", 2500, 9000),
    bulb(15, "LIFX LCMv4 Color (A21)", 2700, 6500),
    white(18, "LIFX White 900 (BR30)", 2700, 6500),
    white(19, "LIFX White 900 (BR30)", 2700, 6500),
    bulb(20, "LIFX Color 1000 (BR30)", 2500, 9000),
    bulb(21, "LIFX LCMv4 Color (GU10)", 2500, 9000),
    bulb(22, "LIFX Color 1000", 2500, 9000),
    bulb(23, "LIFX (A19)", 2500, 9000),
    bulb(24, "LIFX (BR30)", 2500, 9000),
    bulb(25, "LIFX+ (A19)", 2500, 9000),
    bulb(26, "LIFX+ (BR30)", 2500, 9000),
    bulb(27, "LIFX (A19)", 1500, 9000),
    bulb(28, "LIFX (BR30)", 1500, 9000),
    bulb(29, "LIFX+ (A19)", 1500, 9000),
    bulb(30, "LIFX+ (BR30)", 1500, 9000),
    old_strip(31, "LIFX Z", 2500, 9000),
    later_strip(32, "LIFX Z", 1500, 9000),
    bulb(33, "LIFX Downlight", 2500, 9000),
    bulb(36, "LIFX DL", 1500, 9000),
    bulb(37, "LIFX DL", 1500, 9000),
    later_strip(38, "LIFX Beam", 1500, 9000),
    white(39, "LIFX DL WW 700lm", 1500, 9000),
    bulb(40, "LIFX DL Colour 700lm", 1500, 9000),
    bulb(43, "LIFX (A19)", 1500, 9000),
    bulb(44, "LIFX (BR30)", 1500, 9000),
    bulb(45, "LIFX+ (A19)", 1500, 9000),
    bulb(46, "LIFX+ (BR30)", 1500, 9000),
    bulb(49, "LIFX Mini C", 1500, 9000),
    white(50, "LIFX Mini DD", 1500, 9000),
    white(51, "LIFX Mini W", 2700, 2700),
    bulb(52, "LIFX GU10", 1500, 9000),
    bulb(53, "LIFX GU10", 1500, 9000),
    white(54, "LIFX GU10 White", 2700, 2700),
    matrix(55, "LIFX Tile", 2500, 9000),
    strip(56, "LIFX Beam", 2500, 9000),
    matrix(57, "LIFX Candle C", 1500, 9000),
    bulb(59, "LIFX Mini C", 1500, 9000),
    white(60, "LIFX Mini DD", 1500, 9000),
    white(61, "LIFX Mini W", 2700, 2700),
    bulb(62, "LIFX (A19) LCM3", 1500, 9000),
    bulb(63, "LIFX (BR30) LCM3", 1500, 9000),
    bulb(64, "LIFX+ (A19) LCM3", 1500, 9000),
    bulb(65, "LIFX+ (BR30) LCM3", 1500, 9000),
    white(66, "LIFX Mini W", 2700, 2700),
    white(67, "LIFX Candle WW", 2200, 6500),
    matrix(68, "LIFX Candle C", 1500, 9000),
    white(69, "LIFX Filament", 2200, 2200),
    bulb(72, "LIFX A19", 1500, 9000),
    white(81, "LIFX Candle WW", 2200, 6500),
    white(82, "LIFX Filament Clear", 2200, 2200),
    white(85, "LIFX Filament Amber", 2000, 2000),
    white(86, "LIFX Filament Smokey", 2200, 2200),
    white(87, "LIFX White", 2700, 2700),
    white(88, "LIFX White", 2700, 2700),
    bulb(90, "LIFX Clean A19 1100lm", 1500, 9000),
    bulb(91, "LIFX Color 800lm", 1500, 9000),
    bulb(92, "LIFX Colour 1000lm", 1500, 9000),
    bulb(93, "LIFX Color A19 1100lm", 1500, 9000),
    bulb(94, "LIFX Color BR30 1100lm", 1500, 9000),
    bulb(95, "LIFX Copper", 2200, 6500),
    white(96, "LIFX Candle WW", 2200, 6500),
    bulb(97, "LIFX Colour A19 1200lm", 1500, 9000),
    bulb(98, "LIFX Colour BR30 1100lm", 1500, 9000),
    bulb(99, "LIFX Clean A19 1200lm", 1500, 9000),
    white(100, "LIFX Filament Clear", 2200, 2200),
    white(101, "LIFX Filament Amber", 2000, 2000),
    white(102, "LIFX Filament Smokey", 2200, 2200),
    white(103, "LIFX Filament", 2100, 2100),
    white(104, "LIFX Filament", 2000, 2000),
    white(105, "LIFX Filament", 2200, 2200),
    white(106, "LIFX Filament", 2200, 2200),
    white(107, "LIFX Filament", 2000, 2000),
    white(108, "LIFX Filament", 2200, 2200),
    bulb(109, "LIFX NV A19 1100lm", 1500, 9000),
    bulb(110, "LIFX NV BR30 1100lm", 1500, 9000),
    bulb(111, "LIFX NV A19 1200lm", 1500, 9000),
    bulb(112, "LIFX NV BR30 1100lm", 1500, 9000),
    white(113, "LIFX WW 800lm", 1500, 9000),
    white(114, "LIFX WW 1000lm", 1500, 9000),
    strip(117, "LIFX Z", 1500, 9000),
    strip(118, "LIFX Z", 1500, 9000),
    strip(119, "LIFX Beam", 1500, 9000),
    strip(120, "LIFX Beam", 1500, 9000),
    bulb(121, "LIFX DL", 1500, 9000),
    bulb(122, "LIFX DL", 1500, 9000),
    bulb(123, "LIFX Mini 3.1 Color US", 1500, 9000),
    bulb(124, "LIFX Mini 3.1 Color Intl", 1500, 9000),
    white(125, "LIFX Mini 3.1 WW US", 1500, 9000),
    white(126, "LIFX Mini 3.1 WW Intl", 1500, 9000),
    white(127, "LIFX Mini 3.1 W US", 2700, 2700),
    white(128, "LIFX Mini 3.1 W Intl", 2700, 2700),
    bulb(129, "LIFX Color 800", 1500, 9000),
    bulb(130, "LIFX Colour 1000", 1500, 9000),
    white(131, "LIFX White to Warm 800", 1500, 9000),
    white(132, "LIFX White to Warm 1000", 1500, 9000),
    white(133, "LIFX White 650", 2700, 2700),
    white(134, "LIFX White 800", 2700, 2700),
    bulb(135, "LIFX GU10 Color US", 1500, 9000),
    bulb(136, "LIFX GU10 Color Intl", 1500, 9000),
    matrix(137, "LIFX Candle C", 1500, 9000),
    matrix(138, "LIFX Candle C", 1500, 9000),
    matrix(139, "LIFX A19 US", 1500, 9000),
    matrix(140, "LIFX A19 Intl", 1500, 9000),
    strip(141, "LIFX Neon", 1500, 9000),
    strip(142, "LIFX Neon", 1500, 9000),
    strip(143, "LIFX String", 1500, 9000),
    strip(144, "LIFX String", 1500, 9000),
    matrix(145, "LIFX Ceiling US", 1500, 9000),
    matrix(146, "LIFX Ceiling Intl", 1500, 9000),
    matrix(147, "LIFX Round Spot US", 1500, 9000),
    matrix(148, "LIFX Square Spot US", 1500, 9000),
    matrix(149, "LIFX Round Path US", 1500, 9000),
    matrix(150, "LIFX Square Path US", 1500, 9000),
    strip(151, "LIFX Neon Outdoor", 1500, 9000),
    strip(152, "LIFX Neon Outdoor", 1500, 9000),
    bulb(153, "LIFX PAR38 US", 1500, 9000),
    bulb(154, "LIFX PAR38 Intl", 1500, 9000),
    bulb(155, "LIFX Sunshine", 1500, 9000),
    bulb(156, "LIFX A21 1000lm Intl", 1500, 9000),
    strip(161, "LIFX Neon Outdoor", 1500, 9000),
    strip(162, "LIFX Neon Outdoor", 1500, 9000),
    bulb(163, "LIFX A19", 1500, 9000),
    bulb(164, "LIFX BR30", 1500, 9000),
    bulb(165, "LIFX A19 Intl", 1500, 9000),
    bulb(166, "LIFX BR30 Intl", 1500, 9000),
    bulb(167, "LIFX DL AU", 1500, 9000),
    bulb(168, "LIFX DL US", 1500, 9000),
    bulb(169, "LIFX A21", 1500, 9000),
    bulb(170, "LIFX A21", 1500, 9000),
    matrix(171, "LIFX Spot", 1500, 9000),
    matrix(172, "LIFX Spot", 1500, 9000),
    matrix(173, "LIFX Path", 1500, 9000),
    matrix(174, "LIFX Path", 1500, 9000),
    bulb(175, "LIFX PAR38", 1500, 9000),
    matrix(176, "LIFX Ceiling", 1500, 9000),
    matrix(177, "LIFX Ceiling", 1500, 9000),
    bulb(178, "LIFX Downlight US", 1500, 9000),
    bulb(179, "LIFX Downlight US", 1500, 9000),
    bulb(180, "LIFX Downlight US", 1500, 9000),
    bulb(181, "LIFX Mini", 1500, 9000),
    bulb(182, "LIFX Mini", 1500, 9000),
    matrix(185, "LIFX Candle C", 1500, 9000),
    matrix(186, "LIFX Candle C Intl", 1500, 9000),
    bulb(187, "LIFX Candle", 1500, 9000),
    bulb(188, "LIFX Candle Intl", 1500, 9000),
    bulb(191, "LIFX Everyday A19", 2700, 6500),
    bulb(192, "LIFX Everyday A19 Intl", 2700, 6500),
    matrix(201, "LIFX Ceiling 13x26", 1500, 9000),
    matrix(202, "LIFX Ceiling 13x26 Intl", 1500, 9000),
    strip(203, "LIFX String", 1500, 9000),
    strip(204, "LIFX String", 1500, 9000),
    strip(205, "LIFX Neon", 1500, 9000),
    strip(206, "LIFX Neon", 1500, 9000),
    strip(207, "LIFX Everyday Lightstrip", 2700, 6500),
    strip(208, "LIFX Everyday Lightstrip Intl", 2700, 6500),
    strip(211, "LIFX Everyday Permanent Outdoor US", 2700, 6500),
    strip(213, "LIFX Permanent Outdoor", 1500, 9000),
    strip(214, "LIFX Permanent Outdoor Intl", 1500, 9000),
    matrix(215, "LIFX Candle C", 1500, 9000),
    matrix(216, "LIFX Candle C Intl", 1500, 9000),
    matrix(217, "LIFX Tube", 1500, 9000),
    matrix(218, "LIFX Tube Intl", 1500, 9000),
    matrix(219, "LIFX Luna", 1500, 9000),
    matrix(220, "LIFX Luna Intl", 1500, 9000),
    matrix(221, "LIFX Spot Intl", 1500, 9000),
    matrix(222, "LIFX Path Intl", 1500, 9000),
    bulb(223, "LIFX DL", 1500, 9000),
    bulb(224, "LIFX DL Intl", 1500, 9000),
    bulb(225, "LIFX PAR38 Intl", 1500, 9000),
    matrix(229, "LIFX Path Intl", 1500, 9000),
    matrix(265, "LIFX Ceiling 13\"", 1500, 9000),
    matrix(266, "LIFX Ceiling 13\" Intl", 1500, 9000),
    matrix(267, "LIFX Mirror", 1500, 9000),
    matrix(268, "LIFX Mirror Intl", 1500, 9000),
    old_strip(300, "LIFX Everyday Permanent Outdoor US", 2700, 6500),
];
