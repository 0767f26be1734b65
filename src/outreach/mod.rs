//! Explanation sessions (出前説明会, items 1-01 and 1-02): who goes where when, on an island whose ends are over two hours apart.

pub mod planner;
