//! Panes as the tree that is dragged about on the screen, and back.
//!
//! Invariant: whatever was dragged where, what is read off a tree is tidy.

use egui::Id;
use egui_tiles::{Container, Linear, LinearDir, Tabs, Tile, TileId, Tiles, Tree};

use crate::ui::panels::board::pane::Pane;
use crate::ui::panels::board::panes::{Axis, Panes};

/// Parts in each other that are read off a tree.
const DEEPEST: usize = 64;

/// A tree without panes.
#[must_use]
pub fn empty() -> Tree<Pane> {
    Tree::empty(Id::unique("board"))
}

/// The tree of these panes.
#[must_use]
pub fn of(panes: &Panes) -> Tree<Pane> {
    let mut tiles = Tiles::default();
    let root = insert(&mut tiles, panes);
    Tree::new(Id::unique("board"), root, tiles)
}

fn insert(tiles: &mut Tiles<Pane>, panes: &Panes) -> TileId {
    match panes {
        Panes::One(pane) => tiles.insert_pane(pane.clone()),
        Panes::Tabs { open, parts } => {
            let children: Vec<TileId> = parts.iter().map(|part| insert(tiles, part)).collect();
            let active = children.get(*open).copied();
            tiles.insert_container(Tabs { children, active })
        }
        Panes::Split(axis, parts) => {
            let children: Vec<TileId> = parts.iter().map(|(_, part)| insert(tiles, part)).collect();
            let dir = if *axis == Axis::Row { LinearDir::Horizontal } else { LinearDir::Vertical };
            let mut linear = Linear::new(dir, children.clone());
            for (child, (share, _)) in children.into_iter().zip(parts) {
                linear.shares.set_share(child, *share);
            }
            tiles.insert_container(linear)
        }
    }
}

/// The panes of a tree; `None` if it has none.
#[must_use]
pub fn panes(tree: &Tree<Pane>) -> Option<Panes> {
    read(&tree.tiles, tree.root?, DEEPEST)?.tidy()
}

fn read(tiles: &Tiles<Pane>, at: TileId, deepest: usize) -> Option<Panes> {
    let deeper = deepest.checked_sub(1)?;
    let split = |axis, children: &[TileId], share: &dyn Fn(TileId) -> f32| {
        let parts = children.iter().filter_map(|child| Some((share(*child), read(tiles, *child, deeper)?)));
        Panes::Split(axis, parts.collect())
    };
    Some(match tiles.get(at)? {
        Tile::Pane(pane) => Panes::One(pane.clone()),
        Tile::Container(Container::Tabs(tabs)) => {
            let open = tabs.children.iter().position(|child| tabs.active == Some(*child)).unwrap_or(0);
            Panes::Tabs { open, parts: tabs.children.iter().filter_map(|child| read(tiles, *child, deeper)).collect() }
        }
        Tile::Container(Container::Linear(linear)) => {
            let axis = if linear.dir == LinearDir::Horizontal { Axis::Row } else { Axis::Column };
            split(axis, &linear.children, &|child| linear.shares[child])
        }
        Tile::Container(Container::Grid(grid)) => {
            split(Axis::Row, &grid.children().copied().collect::<Vec<_>>(), &|_| 1.0)
        }
    })
}

/// The active pane of each group of tabs, with the group's place in the tree, in a steady order.
#[must_use]
pub fn groups(tree: &Tree<Pane>) -> Vec<(TileId, Option<Pane>)> {
    let mut groups: Vec<_> = tree
        .tiles
        .iter()
        .filter_map(|(id, tile)| match tile {
            Tile::Container(Container::Tabs(tabs)) => {
                Some((*id, tabs.active.and_then(|active| tree.tiles.get_pane(&active)).cloned()))
            }
            _ => None,
        })
        .collect();
    groups.sort_by_key(|(id, _)| id.0);
    groups
}
