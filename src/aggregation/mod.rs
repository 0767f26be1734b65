//! Gathering (情報の集約): calendars that groups and institutions keep elsewhere are read, cleaned, merged and published again.
