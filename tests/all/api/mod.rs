//! The local API without sockets: requests go straight into the router, and a few lines play the engine.

mod bridge;
mod commands;
mod description;
mod doors;
mod events;
mod home;
mod lights;
mod readable;
