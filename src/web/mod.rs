//! The edge to the browser: the frame of every page, the query string, static files and the rules of the house.

pub mod assets;
pub mod form;
pub mod guard;
pub mod kept;
pub mod page;
pub mod pager;
mod patient;
mod qr;
pub mod query;
pub mod who;

pub use form::{Form, Upload};
pub use page::{Frame, html, see, unfit};
pub use pager::Pager;
pub use patient::patient;
pub use qr::qr;
pub use query::Query;
pub use who::{Admin, Member, Network, Staff, Visitor};
