//! History: packed blocks give back what was put in, and the recorder keeps what a plain list of readings would.

mod codec;
mod recorder;
