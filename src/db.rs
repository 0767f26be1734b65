//! The database: SQLite in one file by default, PostgreSQL by setting, one code for both.

use std::path::Path;
use std::time::Duration;

use kyodo_migrations::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

/// The key of PostgreSQL's advisory lock under which one replica migrates at a time.
const MIGRATION_LOCK: i64 = 0x4b79_6f64_6f01;

/// Why the database cannot be used, with the command that helps.
#[derive(Debug, thiserror::Error)]
pub enum DbFault {
    /// The SQLite file is not there.
    #[error("データベースのファイル {0} がありません。先に「kyodo migrate up」を実行してください。")]
    Missing(String),
    /// The schema is empty or older than this program.
    #[error("データベースの準備ができていません（未適用の手順 {0} 件）。「kyodo migrate up」を実行してください。")]
    Older(usize),
    /// The schema was made by a later program.
    #[error(
        "データベースはこのプログラムより新しい版で作られています（{0}）。新しい版の kyodo を使うか、新しい版で「kyodo migrate down」を実行してください。"
    )]
    Newer(String),
    /// The server cannot be reached or refuses.
    #[error("データベースに接続できません: {0}")]
    Unreachable(String),
    /// Any other answer of the database.
    #[error(transparent)]
    Other(#[from] DbErr),
}

/// How far the schema is, compared with this program.
#[derive(Debug, PartialEq, Eq)]
pub enum Schema {
    /// Nothing is there yet.
    Empty,
    /// Some steps are missing.
    Older(usize),
    /// Exactly this program's schema.
    Current,
    /// Steps that this program does not know.
    Newer(String),
}

/// Opens the database at the address; `create` makes a missing SQLite file.
pub async fn connect(url: &str, create: bool) -> Result<DatabaseConnection, DbFault> {
    if let Some(path) = sqlite_path(url) {
        if create {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|fault| DbFault::Unreachable(fault.to_string()))?;
            }
        } else if !path.exists() {
            return Err(DbFault::Missing(path.display().to_string()));
        }
    }
    let mut options = ConnectOptions::new(url);
    options.max_connections(8).min_connections(1).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("cache_size", "-8000")
            .pragma("temp_store", "memory")
    });
    Database::connect(options).await.map_err(|fault| DbFault::Unreachable(fault.to_string()))
}

/// The file of an embedded database, or nothing for a server.
pub fn sqlite_path(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    let path = path.split('?').next().unwrap_or(path);
    (!path.starts_with(":memory:")).then(|| Path::new(path))
}

/// Opens a transaction that will write; on SQLite it takes the write lock at once instead of failing half-way.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    db.begin_with_options(TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    })
    .await
}

/// Brings the schema to this program's state; safe when several replicas start at once.
pub async fn migrate_up(db: &DatabaseConnection) -> Result<(), DbFault> {
    if db.get_database_backend() == DbBackend::Postgres {
        let transaction = db.begin().await?;
        let lock = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
        transaction.execute_unprepared(&lock).await?;
        Migrator::up(&transaction, None).await?;
        transaction.commit().await?;
    } else {
        Migrator::up(db, None).await?;
    }
    Ok(())
}

/// Takes back the latest step.
pub async fn migrate_down(db: &DatabaseConnection) -> Result<(), DbFault> {
    Ok(Migrator::down(db, Some(1)).await?)
}

/// Names of the steps already applied and of those still to come.
pub async fn steps(db: &DatabaseConnection) -> Result<(Vec<String>, Vec<String>), DbFault> {
    let applied = applied_steps(db).await?;
    let pending = known_steps().into_iter().filter(|name| !applied.contains(name)).collect();
    Ok((applied, pending))
}

/// Compares the schema that is there with the one this program was built for.
pub async fn schema(db: &DatabaseConnection) -> Result<Schema, DbFault> {
    let (applied, pending) = steps(db).await?;
    let known = known_steps();
    Ok(if let Some(unknown) = applied.iter().find(|name| !known.contains(name)) {
        Schema::Newer(unknown.clone())
    } else if applied.is_empty() {
        Schema::Empty
    } else if !pending.is_empty() {
        Schema::Older(pending.len())
    } else {
        Schema::Current
    })
}

/// Refuses a database that this program cannot work with, naming the command that helps.
pub async fn require_current(db: &DatabaseConnection) -> Result<(), DbFault> {
    match schema(db).await? {
        Schema::Current => Ok(()),
        Schema::Empty => Err(DbFault::Older(known_steps().len())),
        Schema::Older(count) => Err(DbFault::Older(count)),
        Schema::Newer(name) => Err(DbFault::Newer(name)),
    }
}

fn known_steps() -> Vec<String> {
    Migrator::migrations().iter().map(|step| step.name().to_owned()).collect()
}

async fn applied_steps(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let backend = db.get_database_backend();
    let there = match backend {
        DbBackend::Postgres => {
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'seaql_migrations'"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
    };
    if db.query_one_raw(Statement::from_string(backend, there)).await?.is_none() {
        return Ok(Vec::new());
    }
    let rows =
        db.query_all_raw(Statement::from_string(backend, "SELECT version FROM seaql_migrations ORDER BY version"));
    rows.await?.iter().map(|row| row.try_get("", "version")).collect()
}

/// That many `?` between commas.
pub fn placeholders(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// A statement with `?` marks, written once for both engines.
///
/// A pattern stands as `LIKE (? || '')`: for a bare mark SQLite prepares the statement anew at every execution, in case the
/// pattern could use an index.
pub fn statement(backend: DbBackend, sql: &str, values: Vec<sea_orm::Value>) -> Statement {
    if backend != DbBackend::Postgres {
        return Statement::from_sql_and_values(backend, sql, values);
    }
    let mut numbered = String::with_capacity(sql.len() + 16);
    let mut count = 0;
    for piece in sql.chars() {
        if piece == '?' {
            count += 1;
            numbered.push_str(&format!("${count}"));
        } else {
            numbered.push(piece);
        }
    }
    Statement::from_sql_and_values(backend, numbered, values)
}
