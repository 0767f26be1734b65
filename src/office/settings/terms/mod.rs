//! 町・団体の種類: words of the city's lists. Their keys never change, so that addresses and files stay good.

mod list;
pub(super) mod pages;
