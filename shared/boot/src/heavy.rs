//! Computing that takes long, such as RSA: it must not keep the runtime's threads from other work.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Computes in place while the runtime moves its other work to another thread. Whoever calls bounds how many do it at once.
pub fn heavy<T>(compute: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(compute),
        // A runtime of one thread has none to move to; only tests run on one.
        _ => compute(),
    }
}
