//! The edge to the browser: the frame of every page, the query string, static files and the rules of the house.

pub mod assets;
pub mod guard;
pub mod kept;
pub mod page;
pub mod pager;
pub mod query;

pub use page::{Frame, html};
pub use pager::Pager;
pub use query::Query;
