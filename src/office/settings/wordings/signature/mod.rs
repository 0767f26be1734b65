//! 手紙の署名: the lines that end every letter.

pub(in crate::office::settings) mod pages;
