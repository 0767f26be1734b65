//! The courier: carries due letters to the mail server, several at once, and notes what became of each.
//!
//! Several couriers may share one database: a letter is claimed before it is sent, and the claim is renewed while it is being
//! sent. No transaction is open during a conversation with the server.
//!
//! **Never twice knowingly.** A claim is taken only when a line is free to begin at once. If the process dies, the claim runs
//! out after half a minute; whether the server had taken the letter is then unknown. It is sent again, marked as uncertain,
//! under the same Message-ID: mail programs can tell the copies, and a letter that never comes would be worse. The same holds
//! for a connection that breaks after the text was sent.
//!
//! **A server that is down** costs no letter its attempts: the courier pauses, tries the door with one letter at a time, and
//! goes on with all once one is taken.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr};
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

use super::claim::{self, Outcome};
use super::compose;
use super::letter::StoredLetter;
use super::line::{Line, Refusal};
use super::transport::Post;
use crate::clock::{Clock, new_id};

/// Letters on their way at once, each over a line of its own.
const LINES: usize = 4;
/// How often the outbox is looked into.
const LOOK: Duration = Duration::from_secs(1);
/// How often claims are renewed.
const RENEWAL: Duration = Duration::from_secs(10);
/// First and longest pause while the server cannot be reached; each pause is twice the one before.
const PAUSE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(60));
/// How often writing down an outcome is tried; a letter that was sent must not be forgotten to be sent.
const NOTES: u32 = 20;

/// Carries letters until told to stop.
#[derive(Clone)]
pub struct Courier(Arc<Shared>);

struct Shared {
    db: DatabaseConnection,
    post: Post,
    base_url: String,
    clock: Clock,
    name: String,
    lines: Mutex<Vec<Line>>,
}

/// What a courier remembers between two looks into the outbox.
struct Turn {
    tasks: JoinSet<(StoredLetter, Outcome)>,
    carried: HashMap<Id, StoredLetter>,
    pause: Duration,
    resumes_at: Option<Instant>,
    renewed_at: Instant,
}

impl Courier {
    /// A courier for an outbox.
    pub fn new(db: DatabaseConnection, post: Post, base_url: &str, clock: Clock) -> Self {
        let name = new_id().to_string();
        Self(Arc::new(Shared { db, post, base_url: base_url.to_owned(), clock, name, lines: Mutex::default() }))
    }

    /// Starts the courier; the letters that are on their way when it is told to stop are still brought to an end.
    pub fn start(self) -> Running {
        let (stop, told) = watch::channel(false);
        let task = tokio::spawn(async move { self.run(told, false).await });
        Running { stop, task }
    }

    /// Carries what is due now, and returns when nothing is left or the server takes nothing.
    pub async fn carry_due(&self) {
        let (_stop, told) = watch::channel(false);
        self.run(told, true).await;
    }

    async fn run(&self, mut stop: watch::Receiver<bool>, once: bool) {
        let mut turn = Turn {
            tasks: JoinSet::new(),
            carried: HashMap::new(),
            pause: PAUSE.0,
            resumes_at: None,
            renewed_at: Instant::now(),
        };
        loop {
            let is_stopped = *stop.borrow() || once && turn.resumes_at.is_some();
            let claimed = match self.renew(&mut turn).await {
                Ok(()) if !is_stopped => self.take(&mut turn).await,
                renewed => renewed.map(|()| 0),
            };
            if let Err(fault) = &claimed {
                tracing::error!(%fault, "the outbox cannot be read");
            }
            if turn.tasks.is_empty() {
                self.close_idle_lines().await;
                if is_stopped || once && matches!(claimed, Ok(0)) {
                    break;
                }
            }
            tokio::select! {
                Some(done) = turn.tasks.join_next_with_id(), if !turn.tasks.is_empty() => self.note(&mut turn, done).await,
                () = sleep(LOOK) => {}
                told = stop.changed() => if told.is_err() && !once { break },
            }
        }
    }

    /// Keeps the claims on the letters that are on their way.
    async fn renew(&self, turn: &mut Turn) -> Result<(), DbErr> {
        if turn.renewed_at.elapsed() >= RENEWAL {
            let ids: Vec<Uuid> = turn.carried.values().map(|letter| letter.id).collect();
            claim::renew(&self.0.db, &self.0.name, &ids, self.0.clock.now()).await?;
            turn.renewed_at = Instant::now();
        }
        Ok(())
    }

    /// Claims letters for the free lines and sets out with them; says how many.
    async fn take(&self, turn: &mut Turn) -> Result<usize, DbErr> {
        let (shared, now) = (&*self.0, self.0.clock.now());
        // After a failure one letter tries the door.
        let free = if turn.resumes_at.is_some() { 1_usize } else { LINES }.saturating_sub(turn.tasks.len());
        if free == 0 || turn.resumes_at.is_some_and(|moment| moment > Instant::now()) {
            return Ok(0);
        }
        let returned = claim::give_back_expired(&shared.db, now).await?;
        if returned > 0 {
            tracing::warn!(letters = returned, "letters whose sending was interrupted are sent again");
        }
        let letters = claim::claim(&shared.db, &shared.name, free, now).await?;
        let count = letters.len();
        for letter in letters {
            let (courier, carried) = (self.clone(), letter.clone());
            let task = turn.tasks.spawn(async move {
                let outcome = courier.carry(&carried).await;
                (carried, outcome)
            });
            turn.carried.insert(task.id(), letter);
        }
        Ok(count)
    }

    /// Writes down what became of a letter, and pauses when the server takes nothing.
    async fn note(&self, turn: &mut Turn, done: Result<(Id, (StoredLetter, Outcome)), tokio::task::JoinError>) {
        let (letter, outcome) = match done {
            Ok((id, (letter, outcome))) => {
                turn.carried.remove(&id);
                (letter, outcome)
            }
            Err(fault) => {
                let Some(letter) = turn.carried.remove(&fault.id()) else { return };
                (letter, Outcome::Never("手紙を組み立てられません。".to_owned()))
            }
        };
        match &outcome {
            Outcome::NoServer(_) => {
                tracing::warn!(letter = %letter.id, pause_s = turn.pause.as_secs(), "the mail server takes no letters");
                turn.resumes_at = Some(Instant::now() + turn.pause);
                turn.pause = (turn.pause * 2).min(PAUSE.1);
            }
            Outcome::Never(_) => tracing::warn!(letter = %letter.id, "letter failed"),
            Outcome::Later(_) => {
                tracing::info!(letter = %letter.id, tries = letter.tries, "letter is tried again later")
            }
            Outcome::Sent | Outcome::Declined => {}
        }
        if !matches!(outcome, Outcome::NoServer(_) | Outcome::Declined) {
            turn.pause = PAUSE.0;
            turn.resumes_at = None;
        }
        self.settle(&letter, &outcome).await;
    }

    async fn settle(&self, letter: &StoredLetter, outcome: &Outcome) {
        let shared = &*self.0;
        for attempt in 1..=NOTES {
            match claim::settle(&shared.db, &shared.name, letter, outcome, shared.clock.now()).await {
                Ok(true) => return,
                Ok(false) => return tracing::warn!(letter = %letter.id, "the claim on a letter was lost"),
                Err(fault) => {
                    tracing::error!(%fault, letter = %letter.id, attempt, "an outcome cannot be written down")
                }
            }
            sleep(LOOK).await;
        }
    }

    /// Brings one letter to the server.
    async fn carry(&self, letter: &StoredLetter) -> Outcome {
        let shared = &*self.0;
        if claim::is_declined(&shared.db, letter).await.unwrap_or(false) {
            return Outcome::Declined;
        }
        let (envelope, bytes) = match compose::message(letter, &shared.post, &shared.base_url, shared.clock.now()) {
            Ok(message) => message,
            Err(fault) => return Outcome::Never(fault.to_string()),
        };
        match self.hand_over(&envelope, &bytes).await {
            Ok(()) => Outcome::Sent,
            Err(Refusal::Now(fault)) => Outcome::Later(fault),
            Err(Refusal::Ever(fault)) => Outcome::Never(fault),
            Err(Refusal::NoServer(fault)) => Outcome::NoServer(fault),
        }
    }

    async fn hand_over(&self, envelope: &lettre::address::Envelope, bytes: &[u8]) -> Result<(), Refusal> {
        let mut line = match self.line() {
            Some(line) => line,
            None => Line::open(&self.0.post.server).await?,
        };
        let mut result = line.hand_over(envelope, bytes).await;
        if line.was_stale() {
            line = Line::open(&self.0.post.server).await?;
            result = line.hand_over(envelope, bytes).await;
        }
        if line.is_good() {
            self.0.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        } else {
            tokio::spawn(line.close());
        }
        result
    }

    fn line(&self) -> Option<Line> {
        let mut lines = self.0.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.pop()?;
        if line.is_good() { Some(line) } else { None }
    }

    async fn close_idle_lines(&self) {
        let idle: Vec<Line> = {
            let mut lines = self.0.lines.lock().unwrap_or_else(PoisonError::into_inner);
            let (good, idle) = std::mem::take(&mut *lines).into_iter().partition(Line::is_good);
            *lines = good;
            idle
        };
        for line in idle {
            line.close().await;
        }
    }
}

/// A courier at work.
pub struct Running {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Tells the courier to stop, and waits a little for the letters that are on their way.
    pub async fn stop(self, most: Duration) {
        let _ = self.stop.send(true);
        let end = Instant::now() + most;
        tokio::select! {
            _ = self.task => {}
            () = sleep_until(end) => tracing::warn!("letters that were on their way are sent again after the next start"),
        }
    }
}
