//! Which jobs there are, which run, and which wait. Pure: commands and events in, facts out.
//!
//! Invariant: at most [`AT_ONCE`] run; a number is given once; what ended stays as it ended.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use crate::model::exports::{Export, Job, MAX_JOBS, Standing, Update};

/// Jobs that run at once; the others wait.
pub const AT_ONCE: usize = 2;

/// A job that begins to run.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Its number.
    pub id: u64,
    /// What it writes.
    pub export: Export,
    /// Set when it is not wanted any more.
    pub cancel: Arc<AtomicBool>,
}

/// All jobs of this run.
#[derive(Debug, Default)]
pub struct Jobs {
    last: u64,
    known: BTreeMap<u64, Arc<Job>>,
    waiting: VecDeque<(u64, Export)>,
    running: BTreeMap<u64, Arc<AtomicBool>>,
}

impl Jobs {
    /// Takes a job in; the fact about it is the last one.
    ///
    /// # Errors
    /// If too many are not over yet.
    pub fn start(&mut self, export: Export, name: String, now: Timestamp) -> Result<Vec<Update>, String> {
        let mut facts = Vec::new();
        if self.known.len() >= MAX_JOBS {
            let over = self.known.values().find(|job| !matches!(job.standing, Standing::Running(_)));
            let gone = over.map(|job| job.id);
            let full = || format!("{MAX_JOBS} exports are not done yet. Wait for one, or cancel one.");
            let gone = gone.ok_or_else(full)?;
            self.known.remove(&gone);
            facts.push(Update::Gone(gone));
        }
        self.last += 1;
        let job = Job { id: self.last, name: name.into(), since: now, standing: Standing::Running(0.0) };
        self.waiting.push_back((self.last, export));
        facts.push(self.put(job));
        Ok(facts)
    }

    /// The next one that waits, if there is room for it to run.
    pub fn begin(&mut self) -> Option<Begun> {
        if self.running.len() >= AT_ONCE {
            return None;
        }
        let (id, export) = self.waiting.pop_front()?;
        let cancel = Arc::new(AtomicBool::new(false));
        self.running.insert(id, Arc::clone(&cancel));
        Some(Begun { id, export, cancel })
    }

    /// A share of a job is done.
    pub fn reached(&mut self, id: u64, share: f32) -> Vec<Update> {
        let known = self.known.get(&id).filter(|_| self.running.contains_key(&id)).cloned();
        known.map(|job| self.put(Job { standing: Standing::Running(share), ..Job::clone(&job) })).into_iter().collect()
    }

    /// A job ended.
    pub fn ended(&mut self, id: u64, standing: Standing) -> Vec<Update> {
        let known = self.running.remove(&id).and_then(|_| self.known.get(&id)).cloned();
        known.map(|job| self.put(Job { standing, ..Job::clone(&job) })).into_iter().collect()
    }

    /// Stops a job: one that waits at once, one that runs when it comes to the end of a chunk.
    ///
    /// # Errors
    /// If there is no such job, or it is over.
    pub fn cancel(&mut self, id: u64) -> Result<Vec<Update>, String> {
        let job = Arc::clone(self.known(id)?);
        if let Some(cancel) = self.running.get(&id) {
            cancel.store(true, Ordering::Release);
            return Ok(Vec::new());
        }
        let waited = self.waiting.len();
        self.waiting.retain(|(waiting, _)| *waiting != id);
        if self.waiting.len() == waited {
            return Err(format!("{} is over; there is nothing to cancel.", job.name));
        }
        Ok(vec![self.put(Job { standing: Standing::Cancelled, ..Job::clone(&job) })])
    }

    /// Stops all that run, and lets no other begin.
    pub fn cancel_all(&mut self) {
        self.waiting.clear();
        self.running.values().for_each(|cancel| cancel.store(true, Ordering::Release));
    }

    /// How many run.
    #[must_use]
    pub fn running(&self) -> usize {
        self.running.len()
    }

    /// The file of a job.
    ///
    /// # Errors
    /// If there is no such job, or no file of it.
    pub fn file_of(&self, id: u64) -> Result<PathBuf, String> {
        let job = self.known(id)?;
        match &job.standing {
            Standing::Done { path, .. } => Ok(PathBuf::from(&**path)),
            Standing::Running(_) => Err(format!("{} is not written yet. Wait until it is done.", job.name)),
            Standing::Failed(_) | Standing::Cancelled => {
                Err(format!("There is no file of {}. Write it again.", job.name))
            }
        }
    }

    fn known(&self, id: u64) -> Result<&Arc<Job>, String> {
        self.known.get(&id).ok_or_else(|| format!("There is no export {id}."))
    }

    fn put(&mut self, job: Job) -> Update {
        let job = Arc::new(job);
        self.known.insert(job.id, Arc::clone(&job));
        Update::Changed(job)
    }
}
