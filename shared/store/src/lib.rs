#![doc = include_str!("../README.md")]

mod callbacks;
mod error;
mod flush;
mod held;
mod inbox;
mod kept;
mod numbers;
mod orders;
mod outbox;
mod retention;
mod rotation;
mod schema;
mod sealing;
mod shelves;
mod standing;
mod store;
mod story;
mod tasks;
mod work;

pub use callbacks::{CallbackFilter, CallbackRow, CallbackState, Promise, Recorded, Replayed};
pub use error::StoreError;
pub use inbox::{MessageKey, Recalled};
pub use kept::Kept;
pub use numbers::Numbered;
pub use orders::{OrderFilter, OrderRow};
pub use outbox::{Batch, OutboxRow};
pub use retention::Keep;
pub use rotation::{KeyUse, Rotation};
pub use schema::SchemaState;
pub use sealing::Sealing;
pub use standing::Waiting;
pub use store::{Store, StoreSettings};
pub use story::{AttemptRow, AuditRow, CaseRow, EventRow, OrderStory};
pub use tasks::{TaskFilter, TaskRow};
pub use work::{Event, Work};
