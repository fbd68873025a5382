//! Thermal arrays: what their numbers mean, their calibrations, what the operator settled, their regions; and
//! [`bookmarks`].
//!
//! Each array has a [`Cell`] that its connection reads, without a lock, once per frame; this service is its only
//! writer.
//!
//! Invariant: a calibration that does not parse never replaces one that does.
//! Invariant: regions are only changed by [`Regions`]' own steps, which keep them whole.

pub mod bookmarks;
pub mod hottest;

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;

use crate::engine::services::thermal::bookmarks::Bookmarks;
use crate::engine::services::thermal::hottest::Hottest;
use crate::heat::mlx90640;
use crate::model::message::Update;
use crate::model::sensors::DeviceId;
use crate::model::thermal::region::Regions;
use crate::model::thermal::{self, Array, Calibration, Choice, Command, Optics, PixelMeaning, Thermal};
use crate::units::grid::Size;
use crate::units::moment::Moment;

/// Cells that an array may have: what one packet can carry, 160 x 120.
pub const MAX_CELLS: usize = 160 * 120;

/// What a connection must know to turn words into temperatures.
#[derive(Clone, Debug, Default)]
pub struct Recipe {
    /// What the operator settled.
    pub choice: Choice,
    /// The array's parameters, once they are known.
    pub calibration: Option<Arc<mlx90640::Calibration>>,
    /// What is measured in its picture, and what is left out.
    pub regions: Arc<Regions>,
}

/// One array's recipe: read by its connection, written by this service.
#[derive(Debug)]
pub struct Cell(ArcSwap<Recipe>);

impl Cell {
    /// The recipe in force.
    #[must_use]
    pub fn load(&self) -> arc_swap::Guard<Arc<Recipe>> {
        self.0.load()
    }
}

#[derive(Debug)]
struct Known {
    cell: Arc<Cell>,
    words: Option<Arc<[u16]>>,
    standing: Calibration,
    in_use: Option<(Size, PixelMeaning)>,
}

/// The service's state.
#[derive(Debug)]
pub struct Arrays {
    known: BTreeMap<DeviceId, Known>,
    optics: Optics,
    bookmarks: Bookmarks,
    hottest: Hottest,
}

/// What a calibration packet led to.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is in force. `changed` tells whether it must be stored.
    Valid {
        /// Not the one that was stored.
        changed: bool,
    },
    /// It was not used.
    Invalid(String),
}

impl Arrays {
    /// No arrays; new ones start with `optics`.
    #[must_use]
    pub fn new(optics: Optics) -> Self {
        Self { known: BTreeMap::new(), optics, bookmarks: Bookmarks::default(), hottest: Hottest::default() }
    }

    /// Optics for arrays that are not known yet.
    pub const fn set_default_optics(&mut self, optics: Optics) {
        self.optics = optics;
    }

    /// Takes a stored choice in, at start.
    pub fn restore(&mut self, device: &DeviceId, choice: Choice) {
        self.entry(device).edit(|recipe| recipe.choice = choice);
    }

    /// Takes stored regions in, at start.
    ///
    /// # Errors
    /// What is wrong with them; nothing was changed.
    pub fn restore_regions(&mut self, device: &DeviceId, regions: Regions) -> Result<(), String> {
        regions.check()?;
        self.entry(device).edit(|recipe| recipe.regions = Arc::new(regions));
        Ok(())
    }

    /// Bookmarks, to take stored ones in, at start.
    pub const fn bookmarks(&mut self) -> &mut Bookmarks {
        &mut self.bookmarks
    }

    /// Takes a stored calibration in, at start.
    ///
    /// # Errors
    /// The words are no calibration; nothing was changed.
    pub fn restore_calibration(&mut self, device: &DeviceId, words: &[u16]) -> Result<(), String> {
        let parsed = mlx90640::Calibration::from_eeprom(words).map_err(|e| e.to_string())?;
        let known = self.entry(device);
        known.install(parsed, words, Calibration::Stored);
        Ok(())
    }

    /// Looks at the hottest cells, °C, of arrays that are there; says which of them are to be told.
    pub fn hottest(
        &mut self,
        now: Moment,
        wall: Timestamp,
        figures: impl Iterator<Item = (DeviceId, f32)>,
    ) -> Vec<Update> {
        self.hottest.look(now, wall, figures).into_iter().map(Update::Thermal).collect()
    }

    fn entry(&mut self, device: &DeviceId) -> &mut Known {
        let optics = self.optics;
        self.known.entry(device.clone()).or_insert_with(|| {
            let choice = Choice { optics, ..Choice::default() };
            let cell = Arc::new(Cell(ArcSwap::from_pointee(Recipe { choice, ..Recipe::default() })));
            Known { cell, words: None, standing: Calibration::Missing, in_use: None }
        })
    }

    /// The recipe cell of a device's array.
    pub fn cell(&mut self, device: &DeviceId) -> Arc<Cell> {
        Arc::clone(&self.entry(device).cell)
    }

    /// The recipe in force for a device's array, if it is known.
    #[must_use]
    pub fn recipe(&self, device: &DeviceId) -> Option<Arc<Recipe>> {
        self.known.get(device).map(|known| known.cell.0.load_full())
    }

    /// A frame of this size and meaning came in for the first time, or after another one.
    pub fn on_recognised(&mut self, device: &DeviceId, size: Size, meaning: PixelMeaning) -> Vec<Update> {
        let known = self.entry(device);
        if known.in_use.replace((size, meaning)) == Some((size, meaning)) {
            return Vec::new();
        }
        known.announce(device)
    }

    /// A calibration came in.
    pub fn on_calibration(&mut self, device: &DeviceId, words: &[u16]) -> (Taken, Vec<Update>) {
        let parsed = match mlx90640::Calibration::from_eeprom(words) {
            Ok(parsed) => parsed,
            Err(error) => return (Taken::Invalid(error.to_string()), Vec::new()),
        };
        let known = self.entry(device);
        let same = known.words.as_deref() == Some(words);
        let swapped = !same && known.words.is_some();
        let standing = if swapped { Calibration::Changed } else { Calibration::Received };
        if same {
            known.standing = standing;
        } else {
            known.install(parsed, words, standing);
        }
        (Taken::Valid { changed: !same }, known.announce(device))
    }

    /// The words of a device's calibration, to be stored.
    #[must_use]
    pub fn words(&self, device: &DeviceId) -> Option<Arc<[u16]>> {
        self.known.get(device)?.words.clone()
    }

    /// A device was forgotten.
    pub fn on_forgotten(&mut self, device: &DeviceId) -> Vec<Update> {
        match self.known.remove(device) {
            Some(Known { in_use: Some(_), .. }) => {
                vec![Update::Thermal(thermal::Update::Forgotten(device.clone()))]
            }
            _ => Vec::new(),
        }
    }

    /// Decides on a command of `by`.
    ///
    /// # Errors
    /// Why it was refused, for a person.
    pub fn on_command(&mut self, command: Command, by: &Arc<str>, now: Timestamp) -> Result<Vec<Update>, String> {
        match command {
            Command::Choose { device, choice } => self.choose(&device, choice),
            Command::PutRegion { device, region } => self.change(&device, |regions, size| regions.put(region, size)),
            Command::RemoveRegion { device, region } => self.change(&device, |regions, _| regions.without(&region)),
            Command::PutDelta { device, delta } => self.change(&device, |regions, _| regions.put_delta(delta)),
            Command::RemoveDelta { device, delta } => self.change(&device, |regions, _| regions.without_delta(&delta)),
            Command::Bookmark { at, words } => self.bookmarks.put(at, &words, by, now),
            Command::RemoveBookmark { bookmark } => self.bookmarks.remove(bookmark),
        }
    }

    fn choose(&mut self, device: &DeviceId, choice: Choice) -> Result<Vec<Update>, String> {
        check(&choice)?;
        let known = self.known.get(device).ok_or_else(|| none(device))?;
        known.edit(|recipe| recipe.choice = choice);
        Ok(known.announce(device))
    }

    /// Takes one step with the regions of an array; its size is that of its newest picture.
    fn change(
        &self,
        device: &DeviceId,
        step: impl FnOnce(&Regions, Size) -> Result<Regions, String>,
    ) -> Result<Vec<Update>, String> {
        let known = self.known.get(device).ok_or_else(|| none(device))?;
        let (size, _) = known.in_use.ok_or_else(|| {
            format!("\"{device}\" has sent no picture since Hearthlight was started. Try again once it has.")
        })?;
        let before = Arc::clone(&known.cell.load().regions);
        let regions = step(&before, size)?;
        if regions == *before {
            return Ok(Vec::new());
        }
        known.edit(|recipe| recipe.regions = Arc::new(regions));
        Ok(known.announce(device))
    }

    /// The state to start from after a restart: arrays are announced with their first frame.
    #[must_use]
    pub fn state(&self) -> Thermal {
        let arrays = self.known.iter().filter_map(|(id, known)| Some((id.clone(), known.array(id)?))).collect();
        Thermal { arrays, bookmarks: self.bookmarks.state(), hottest: self.hottest.state() }
    }
}

impl Known {
    /// Puts a recipe that differs from the one in force in its place.
    fn edit(&self, change: impl FnOnce(&mut Recipe)) {
        let mut recipe = Recipe::clone(&self.cell.load());
        change(&mut recipe);
        self.cell.0.store(Arc::new(recipe));
    }

    fn install(&mut self, parsed: mlx90640::Calibration, words: &[u16], standing: Calibration) {
        self.edit(|recipe| recipe.calibration = Some(Arc::new(parsed)));
        self.words = Some(words.into());
        self.standing = standing;
    }

    fn array(&self, device: &DeviceId) -> Option<Arc<Array>> {
        let (size, meaning) = self.in_use?;
        let raw = meaning == PixelMeaning::Mlx90640Raw;
        let calibration = if raw { self.standing } else { Calibration::NotNeeded };
        let recipe = self.cell.load();
        let (choice, regions) = (recipe.choice, Arc::clone(&recipe.regions));
        Some(Arc::new(Array { device: device.clone(), size, meaning, calibration, choice, regions }))
    }

    fn announce(&self, device: &DeviceId) -> Vec<Update> {
        self.array(device).map(|array| Update::Thermal(thermal::Update::Changed(array))).into_iter().collect()
    }
}

fn none(device: &DeviceId) -> String {
    format!("There is no thermal array \"{device}\".")
}

fn check(choice: &Choice) -> Result<(), String> {
    let Optics { emissivity, reflected } = choice.optics;
    if !(0.05..=1.0).contains(&emissivity) {
        return Err(format!("Emissivity must lie between 0.05 and 1, not {emissivity}."));
    }
    if reflected.is_some_and(|c| !(-100.0..=500.0).contains(&c)) {
        return Err("The reflected temperature must lie between -100 and 500 C.".to_owned());
    }
    if choice.mounting.quarter_turns > 3 {
        return Err("An array can be turned by 0, 1, 2 or 3 quarters.".to_owned());
    }
    if let Some(size) = choice.size
        && size.cells() > MAX_CELLS
    {
        return Err(format!("An array can have {MAX_CELLS} cells at most."));
    }
    if let Some(PixelMeaning::Custom { scale, offset }) = choice.meaning
        && !(scale.is_finite() && scale != 0.0 && offset.is_finite())
    {
        return Err("A custom scale must be a number other than 0, its offset a number.".to_owned());
    }
    Ok(())
}
