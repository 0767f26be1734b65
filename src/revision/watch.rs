//! Asking for the counters once for all who wait: under load many requests share one question to the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{DatabaseConnection, DbErr};
use tokio::sync::{Notify, watch};

use super::Revisions;
use super::witness::Witness;

/// The answer to the latest question: which callers it is good for, and the counters or why there are none.
type Answer = (u64, Result<Revisions, String>);

/// A reader of the counters that is shared by all requests of this process.
///
/// A question is put after its last caller arrived, so each caller sees every change that was committed before it asked,
/// by whichever process.
#[derive(Debug)]
pub struct Watch {
    callers: Arc<AtomicU64>,
    wake: Arc<Notify>,
    answers: watch::Receiver<Answer>,
    witness: Option<Witness>,
}

impl Watch {
    /// Starts the reader of the database at this address; it ends when it is dropped.
    pub fn start(db: DatabaseConnection, url: &str) -> Self {
        let (sender, answers) = watch::channel((0, Ok(Revisions::default())));
        let witness = crate::db::sqlite_path(url).map(Witness::of);
        let watch = Self { callers: Arc::default(), wake: Arc::default(), answers, witness };
        let (callers, wake) = (Arc::clone(&watch.callers), Arc::clone(&watch.wake));
        let is_embedded = watch.witness.is_some();
        tokio::spawn(async move {
            // While a connection of this process is open, SQLite does not remove the file that the witness reads.
            let _open = match is_embedded {
                true => db.get_sqlite_connection_pool().acquire().await.ok().map(|one| one.detach()),
                false => None,
            };
            loop {
                tokio::select! { () = wake.notified() => {}, () = sender.closed() => return }
                let asked = callers.load(Ordering::Acquire);
                let counters = super::current(&db).await.map_err(|fault| fault.to_string());
                drop(sender.send_replace((asked, counters)));
            }
        });
        watch
    }

    /// The counters as they are now.
    pub async fn current(&self) -> Result<Revisions, DbErr> {
        let looked = self.witness.as_ref().and_then(Witness::look);
        if let Some((_, Some(revisions))) = looked {
            return Ok(revisions);
        }
        let revisions = self.ask().await?;
        if let (Some(witness), Some((header, _))) = (&self.witness, looked) {
            witness.remember(header, revisions);
        }
        Ok(revisions)
    }

    async fn ask(&self) -> Result<Revisions, DbErr> {
        let mine = self.callers.fetch_add(1, Ordering::AcqRel) + 1;
        self.wake.notify_one();
        let mut answers = self.answers.clone();
        let answer = answers.wait_for(|(asked, _)| *asked >= mine).await;
        let answer = answer.map_err(|_| DbErr::Custom("the reader of the counters has ended".to_owned()))?;
        answer.1.clone().map_err(DbErr::Custom)
    }
}
