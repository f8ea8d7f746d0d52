//! The judges: what convinces them, and what must never pass.

mod judges;
