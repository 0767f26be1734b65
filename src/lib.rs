//! Kyodo (協働): the plan, the register and the calendar that a city and its citizens work with.

pub mod accounts;
pub mod app;
pub mod audit;
pub mod calendar;
pub mod chance;
pub mod city;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod error;
pub mod feeds;
pub mod groups;
pub mod health;
pub mod home;
pub mod ics;
pub mod jobs;
pub mod mail;
pub mod plan;
pub mod revision;
pub mod seed;
pub mod table;
pub mod text;
pub mod waiting;
pub mod web;
