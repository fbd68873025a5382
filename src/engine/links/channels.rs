//! The channels of one link as a [`Transport`]: what goes out passes straight to its outlet, what comes in lies in one
//! inbox.
//!
//! Invariant: what a closed channel still brings is never handed on: it carries the number of an opening that is over.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use crate::engine::link::Transport;
use crate::engine::links::net::Net;
use crate::io::channels::{Delivery, Event, Mail, Outlet, open};
use crate::units::moment::Moment;
use crate::wire::{Channel, Endpoint, Input, Output};

/// Inputs that may wait for a link.
const INBOX: usize = 256;

/// The channels of one link.
pub(super) struct Channels {
    net: Net,
    lines: Vec<Line>,
    n_openings: u64,
    mail: mpsc::Sender<Delivery>,
    inbox: mpsc::Receiver<Delivery>,
    /// What came in while the link slept, and losses that showed as it sent.
    early: VecDeque<Delivery>,
    current: Option<Delivery>,
}

struct Line {
    channel: Channel,
    life: u64,
    outlet: Option<Box<dyn Outlet>>,
}

impl Line {
    /// Whether something was brought by this channel as it is open now.
    fn is_of(&self, delivery: &Delivery) -> bool {
        (self.channel, self.life) == (delivery.channel, delivery.life)
    }
}

impl Channels {
    pub(super) fn new(net: Net) -> Self {
        let (mail, inbox) = mpsc::channel(INBOX);
        Self { net, lines: Vec::new(), n_openings: 0, mail, inbox, early: VecDeque::new(), current: None }
    }

    /// Waits until there is something to receive. Loses nothing if it is given up.
    pub(super) async fn wait(&mut self) {
        while self.early.is_empty()
            && let Some(delivery) = self.inbox.recv().await
        {
            if self.lines.iter().any(|line| line.is_of(&delivery)) {
                self.early.push_back(delivery);
            }
        }
    }

    /// The next delivery of a channel as it is open now.
    fn next(&mut self) -> Option<Delivery> {
        loop {
            let next = self.early.pop_front().or_else(|| self.inbox.try_recv().ok())?;
            let line = self.lines.iter_mut().find(|line| line.is_of(&next));
            let Some(line) = line.filter(|line| line.outlet.is_some() || matches!(next.event, Event::Lost(_))) else {
                continue;
            };
            if matches!(next.event, Event::Lost(_)) {
                line.outlet = None;
                // Nothing of this opening counts after its loss.
                line.life = 0;
            }
            return Some(next);
        }
    }
}

impl Transport for Channels {
    fn now(&self) -> Moment {
        self.net.clock.now()
    }

    fn open(&mut self, channel: Channel, endpoint: &Endpoint) {
        self.lines.retain(|line| line.channel != channel);
        self.n_openings += 1;
        let life = self.n_openings;
        let outlet = match open(&self.net.pool, endpoint, Mail::new(channel, life, self.mail.clone())) {
            Ok(outlet) => Some(outlet),
            Err(why) => {
                self.early.push_back(Delivery { channel, life, event: Event::Lost(why) });
                None
            }
        };
        self.lines.push(Line { channel, life, outlet });
    }

    fn send(&mut self, channel: Channel, output: &Output, payload: &[u8]) {
        let Some(line) = self.lines.iter_mut().find(|line| line.channel == channel) else { return };
        let Some(outlet) = &mut line.outlet else { return };
        if let Err(why) = outlet.send(output, payload) {
            self.early.push_back(Delivery { channel, life: line.life, event: Event::Lost(why) });
        }
    }

    fn receive(&mut self) -> Option<(Channel, Result<Input<'_>, String>)> {
        self.current = self.next();
        let delivery = self.current.as_ref()?;
        Some((delivery.channel, delivery.event.input().map_err(str::to_owned)))
    }

    fn close(&mut self) {
        self.lines.clear();
        self.early.clear();
        while self.inbox.try_recv().is_ok() {}
    }
}
