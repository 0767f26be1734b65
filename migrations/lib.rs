//! The ordered list of steps that build Kyodo's database, the same on SQLite and on PostgreSQL.

mod m0001_city;
mod m0002_plan;
mod m0003_groups;
mod m0004_calendar;
mod m0005_accounts;
mod m0006_mail;
mod m0007_office;
mod m0008_members;
mod m0010_sign_in;
mod m0011_courier;
mod m0012_applications;
mod m0013_proposals;
mod m0014_people;
mod m0015_rounds;
mod m0016_office;
mod m0017_events;
mod m0018_meetings;
mod m0020_inbound;
mod m0021_agenda;
mod m0022_minutes;
mod m0023_series;
mod m0024_outreach;
mod m0025_availability;
mod m0026_reports;
mod m0027_sources;
mod m0028_feeds;
mod m0029_digests;
mod m0030_unions;
mod m0031_successions;
mod m0032_submissions;
mod step;

pub use sea_orm_migration::prelude::{MigrationTrait, MigratorTrait};

/// The list of steps, oldest first; a landed step is never edited.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_city::STEP),
            Box::new(m0002_plan::STEP),
            Box::new(m0003_groups::STEP),
            Box::new(m0004_calendar::STEP),
            Box::new(m0005_accounts::STEP),
            Box::new(m0006_mail::STEP),
            Box::new(m0007_office::STEP),
            Box::new(m0008_members::STEP),
            Box::new(m0010_sign_in::STEP),
            Box::new(m0011_courier::STEP),
            Box::new(m0012_applications::STEP),
            Box::new(m0013_proposals::STEP),
            Box::new(m0014_people::STEP),
            Box::new(m0015_rounds::STEP),
            Box::new(m0016_office::STEP),
            Box::new(m0017_events::STEP),
            Box::new(m0018_meetings::STEP),
            Box::new(m0020_inbound::STEP),
            Box::new(m0021_agenda::STEP),
            Box::new(m0022_minutes::STEP),
            Box::new(m0023_series::STEP),
            Box::new(m0024_outreach::STEP),
            Box::new(m0025_availability::STEP),
            Box::new(m0026_reports::STEP),
            Box::new(m0027_sources::STEP),
            Box::new(m0028_feeds::STEP),
            Box::new(m0029_digests::STEP),
            Box::new(m0030_unions::STEP),
            Box::new(m0031_successions::STEP),
            Box::new(m0032_submissions::STEP),
        ]
    }
}
