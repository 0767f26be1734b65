//! Every test that needs the whole town: a database, the pages, the commands.

mod accounts;
mod architecture;
mod calendar;
mod commands;
mod desk;
mod faults;
mod feeds;
mod groups;
mod history;
mod house;
mod imap;
mod inbound;
mod mail;
mod meetings;
mod office;
mod people;
mod plan;
mod registration;
mod reports;
mod rounds;
mod series;
mod smtp;
mod updates;
mod world;
