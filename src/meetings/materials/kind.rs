//! What a file is, read from its bytes alone: its name and what the sender says of it count for nothing.

use std::borrow::Cow;

use super::{LARGEST_BYTES, compound, image_file, office_file, pdf_file};

/// The kinds of files that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// PowerPoint.
    Pptx,
    /// Word up to 2003.
    Doc,
    /// Excel up to 2003.
    Xls,
    /// PowerPoint up to 2003.
    Ppt,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Pdf,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Doc,
        Self::Xls,
        Self::Ppt,
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Gif,
    ];

    /// Its media type (IANA), under which it is kept and sent.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
        }
    }

    /// The kind of a media type.
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == media_type)
    }

    /// How the names of such files end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Doc => "doc",
            Self::Xls => "xls",
            Self::Ppt => "ppt",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Gif => "gif",
        }
    }

    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Docx | Self::Doc => "Word",
            Self::Xlsx | Self::Xls => "Excel",
            Self::Pptx | Self::Ppt => "PowerPoint",
            Self::Jpeg | Self::Png | Self::Webp | Self::Gif => "画像",
        }
    }

    /// Whether a browser shows it by itself; everything else is saved and opened elsewhere.
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp | Self::Gif)
    }
}

/// Why a file is not taken, told to the person who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is of no kind that is taken, whatever its name says.
    #[error(
        "PDF、Word、Excel、PowerPoint、画像(JPEG、PNG、WebP、GIF)のファイルを選んでください。このファイルは、どれとしても読めません。"
    )]
    Kind,
    /// It is damaged.
    #[error("ファイルがこわれているようです。もとのソフトで開いて保存し直してから、もう一度送ってください。")]
    Broken,
    /// It has macros.
    #[error(
        "マクロ(自動で動くプログラム)の入ったファイルは受け取れません。マクロのない形(.docx、.xlsx、.pptx)かPDFで保存し直してから送ってください。"
    )]
    Macro,
    /// It has scripts or starts programs.
    #[error("このPDFには、自動で動くプログラムが入っています。「PDFとして印刷」などで作り直してから送ってください。")]
    Active,
    /// It is locked by a password.
    #[error("パスワードのかかったファイルは受け取れません。パスワードを外してから送ってください。")]
    Locked,
    /// It is two kinds at once.
    #[error(
        "このファイルには、別の種類のファイルやプログラムがまざっています。もとのソフトで保存し直してから送ってください。"
    )]
    Mixed,
    /// It is too large.
    #[error("資料は1件20MBまでです。PDFにする、画像を小さくする、2つに分けるなどしてから送ってください。")]
    Bytes,
}

/// What a file is, and what is kept of it: pictures lose what they tell of their place and their camera. Takes time: call it where
/// that blocks nobody.
pub fn read(bytes: &[u8]) -> Result<(Kind, Cow<'_, [u8]>), Unusable> {
    if bytes.len() > LARGEST_BYTES {
        return Err(Unusable::Bytes);
    }
    let whole = |kind| (kind, Cow::Borrowed(bytes));
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => pdf_file::check(bytes).map(|()| whole(Kind::Pdf)),
        [b'P', b'K', 3, 4, ..] => office_file::read(bytes).map(whole),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => compound::read(bytes).map(whole),
        [0xFF, 0xD8, 0xFF, ..] => image_file::jpeg(bytes).map(|kept| (Kind::Jpeg, kept.into())),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => {
            image_file::png(bytes).map(|kept| (Kind::Png, kept.into()))
        }
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            image_file::webp(bytes).map(|kept| (Kind::Webp, kept.into()))
        }
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => image_file::gif(bytes).map(|kept| (Kind::Gif, kept.into())),
        _ => Err(Unusable::Kind),
    }
}

/// Whether bytes that belong to no picture or text hold the beginning of something else.
pub(super) fn is_mixed(bytes: &[u8]) -> bool {
    const STARTS: [&[u8]; 9] =
        [b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"<script", b"<html", b"<svg", b"<!doctype", b"<?php", b"\x7FELF"];
    bytes.starts_with(b"MZ") || STARTS.iter().any(|start| holds(bytes, start))
}

/// Whether the words stand in the bytes, in capital letters or small ones.
pub(super) fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|part| part.eq_ignore_ascii_case(words))
}
