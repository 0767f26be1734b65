//! A photo as it came, made into what is kept: upright, small enough, and without anything that tells where or with what it was
//! taken.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

/// Largest file that is taken.
pub const LARGEST_BYTES: usize = 10 * 1024 * 1024;
/// Most pixels of a photo.
const MOST_PIXELS: u64 = 40_000_000;
/// Longest side of a photo.
const LONGEST_SIDE: u32 = 20_000;
/// Shortest side of a photo; less shows nothing.
const SHORTEST_SIDE: u32 = 100;
/// Most memory for taking a photo apart.
const MOST_MEMORY: u64 = 400 * 1024 * 1024;
/// Longest side of what is kept.
const LARGE: u32 = 1600;
/// Longest side of the small one.
const SMALL: u32 = 640;
/// Quality of what is kept, of 100.
const QUALITY: u8 = 82;

/// Why a file cannot become a photo, told to the person who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is no picture of a kind that is taken, whatever its name says.
    #[error("JPEG、PNG、WebPの写真を選んでください。このファイルは写真として読めません。")]
    Kind,
    /// It is damaged.
    #[error("写真がこわれているようです。別の写真を選ぶか、撮り直してください。")]
    Broken,
    /// It has too many pixels.
    #[error("写真の縦横が大きすぎます(4,000万画素まで)。小さくしてから送ってください。")]
    Pixels,
    /// It is too small to see anything.
    #[error("写真が小さすぎます。縦も横も100画素より大きい写真を選んでください。")]
    Tiny,
    /// The file is too large.
    #[error("写真は10MBまでです。小さくしてから送ってください。")]
    Bytes,
}

/// What is kept of a photo.
#[derive(Clone, Debug)]
pub struct Picture {
    /// JPEG, at most 1600 pixels on a side.
    pub large: Vec<u8>,
    /// JPEG, at most 640 pixels on a side.
    pub small: Vec<u8>,
    /// Width of the large one.
    pub width: u32,
    /// Height of the large one.
    pub height: u32,
}

/// Makes what is kept out of a file. Takes time and memory: call it where that blocks nobody.
pub fn read(bytes: &[u8]) -> Result<Picture, Unusable> {
    if bytes.len() > LARGEST_BYTES {
        return Err(Unusable::Bytes);
    }
    let (mut image, orientation) = decode(bytes)?;
    image.apply_orientation(orientation);
    if image.width() < SHORTEST_SIDE || image.height() < SHORTEST_SIDE {
        return Err(Unusable::Tiny);
    }
    let large = shrunk(&on_white(image), LARGE);
    let (width, height) = large.dimensions();
    Ok(Picture { small: encoded(&shrunk(&large, SMALL))?, large: encoded(&large)?, width, height })
}

fn decode(bytes: &[u8]) -> Result<(DynamicImage, Orientation), Unusable> {
    let format = image::guess_format(bytes).map_err(|_| Unusable::Kind)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(Unusable::Kind);
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LONGEST_SIDE), Some(LONGEST_SIDE));
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(fault)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Unusable::Pixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(fault)?, orientation))
}

fn fault(fault: image::ImageError) -> Unusable {
    match fault {
        image::ImageError::Limits(_) => Unusable::Pixels,
        _ => Unusable::Broken,
    }
}

/// What is transparent becomes white, as on the page.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        let over = |colour: u8| ((u16::from(colour) * u16::from(alpha) + 255 * (255 - u16::from(alpha))) / 255) as u8;
        image::Rgb([over(red), over(green), over(blue)])
    })
}

/// The picture with its longest side at most so long; a small one stays as it is.
fn shrunk(image: &RgbImage, side: u32) -> RgbImage {
    let longest = image.width().max(image.height());
    if longest <= side {
        return image.clone();
    }
    let scaled = |length: u32| u32::try_from(u64::from(length) * u64::from(side) / u64::from(longest)).unwrap_or(side);
    let (width, height) = (scaled(image.width()).max(1), scaled(image.height()).max(1));
    // Far larger pictures are first halved roughly: the fine filter over every pixel takes seconds.
    if longest > side * 3 {
        let rough = image::imageops::thumbnail(image, width * 2, height * 2);
        return image::imageops::resize(&rough, width, height, FilterType::CatmullRom);
    }
    image::imageops::resize(image, width, height, FilterType::CatmullRom)
}

fn encoded(image: &RgbImage) -> Result<Vec<u8>, Unusable> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(image).map_err(|_| Unusable::Broken)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(image: DynamicImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn a_large_photo_is_made_smaller_and_a_small_one_stays() {
        let picture = read(&png(DynamicImage::new_rgb8(4000, 1000))).unwrap();
        assert_eq!((picture.width, picture.height), (1600, 400));
        let small = image::load_from_memory(&picture.small).unwrap();
        assert_eq!((small.width(), small.height()), (640, 160));
        let same = read(&png(DynamicImage::new_rgb8(300, 200))).unwrap();
        assert_eq!((same.width, same.height), (300, 200));
    }

    #[test]
    fn what_is_transparent_becomes_white() {
        let picture = read(&png(DynamicImage::new_rgba8(200, 200))).unwrap();
        let kept = image::load_from_memory(&picture.large).unwrap().into_rgb8();
        assert!(kept.get_pixel(100, 100).0.iter().all(|value| *value > 250));
    }

    #[test]
    fn what_is_no_photo_is_refused_by_what_it_is() {
        assert_eq!(read(b"<svg/>").unwrap_err(), Unusable::Kind);
        assert_eq!(read(b"GIF89a\x01\x00\x01\x00").unwrap_err(), Unusable::Kind);
        assert_eq!(read(b"").unwrap_err(), Unusable::Kind);
        assert_eq!(read(&png(DynamicImage::new_rgb8(10, 10))).unwrap_err(), Unusable::Tiny);
        let whole = png(DynamicImage::new_rgb8(300, 300));
        assert_eq!(read(&whole[..whole.len() / 2]).unwrap_err(), Unusable::Broken);
        assert_eq!(read(&vec![0; LARGEST_BYTES + 1]).unwrap_err(), Unusable::Bytes);
    }
}
