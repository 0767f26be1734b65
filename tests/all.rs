//! Every test that needs the whole town: a database, the pages, the commands.

mod accounts;
mod architecture;
mod calendar;
mod commands;
mod feeds;
mod groups;
mod history;
mod house;
mod mail;
mod plan;
mod registration;
mod smtp;
mod world;
