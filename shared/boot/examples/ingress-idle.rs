//! The smallest process there is: settings, admin port, one dependency that is up, and waiting to be stopped.

use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("ingress-idle", run)
}

async fn run(boot: boot::Boot) -> anyhow::Result<()> {
    let nothing = boot.health.check("nothing");
    let stop = boot.stop.clone();
    boot.run(async move {
        nothing.up();
        stop.requested().await;
        Ok(())
    })
    .await
}
