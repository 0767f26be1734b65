//! Every test that needs the whole town: a database, the pages, the commands.

mod architecture;
mod calendar;
mod commands;
mod feeds;
mod groups;
mod history;
mod house;
mod plan;
mod registration;
mod world;
