//! Journeys between the towns: how many minutes each takes, as the city knows it.

pub(super) mod pages;
