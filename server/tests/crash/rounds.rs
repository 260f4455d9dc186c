//! One round of each scenario.

use crate::client::Client;
use crate::disk::{Disk, Writes};
use crate::load::{Acknowledged, Ended, Writer, held, random};
use crate::office::Office;
use crate::program::{Program, RESERVE_BYTES};
use anyhow::{Context, Result, ensure};
use mingcha_core::ids::EntryId;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::PoisonError;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// Room for some segments and the index.
const DISK_BYTES: u64 = 192 << 20;
/// How often the relay of one folder is killed.
const KILLS_OF_ONE: usize = 5;
/// How long to wait for something that must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came of a round.
pub struct Outcome {
    /// How often it happened.
    pub times: usize,
    pub acknowledged: usize,
    pub lost: usize,
}

/// An office at a relay, with writers at work.
struct Scene {
    office: Office,
    acknowledged: Acknowledged,
    writers: Vec<Writer>,
}

type Load = Vec<JoinHandle<(Writer, Ended)>>;

impl Scene {
    async fn found(program: &mut Program) -> Result<Self> {
        let office = Client::found(program.address, &program.code()?).await;
        let writers = Writer::all(&office);
        Ok(Self { office, acknowledged: Acknowledged::default(), writers })
    }

    /// An office at a relay that starts on this folder, and writers who have been at work for some time.
    async fn at_work(folder: &Path) -> Result<(Program, Self, Load)> {
        let mut program = Program::start(folder).await?;
        let mut scene = Self::found(&mut program).await?;
        let load = scene.load(program.address);
        scene.some_time().await?;
        Ok((program, scene, load))
    }

    fn load(&mut self, address: SocketAddr) -> Load {
        let acknowledged = &self.acknowledged;
        let start = |writer: Writer| tokio::spawn(writer.run(address, acknowledged.clone()));
        std::mem::take(&mut self.writers).into_iter().map(start).collect()
    }

    /// Lets the writers work until something was acknowledged, and some time more.
    async fn some_time(&self) -> Result<()> {
        let before = self.snapshot().len();
        let begun = std::time::Instant::now();
        while self.snapshot().len() == before {
            ensure!(begun.elapsed() < PATIENCE, "nothing is acknowledged");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let [high, low] = random();
        tokio::time::sleep(Duration::from_millis(u64::from(u16::from_be_bytes([high, low]) % 500))).await;
        Ok(())
    }

    async fn gather(&mut self, load: Load) -> Result<Vec<Ended>> {
        let mut all = Vec::new();
        for writer in load {
            let (writer, ended) = tokio::time::timeout(PATIENCE, writer).await??;
            self.writers.push(writer);
            all.push(ended);
        }
        Ok(all)
    }

    /// What was acknowledged until every writer was refused.
    async fn refused(&mut self, load: Load) -> Result<BTreeSet<EntryId>> {
        let ended = self.gather(load).await?;
        ensure!(ended.iter().all(|ended| *ended == Ended::Refused), "it did not refuse: {ended:?}");
        Ok(self.snapshot())
    }

    fn snapshot(&self) -> BTreeSet<EntryId> {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Starts the relay again, where it must find everything that was acknowledged.
    async fn check(&self, folder: &Path, acknowledged: &BTreeSet<EntryId>) -> Result<(Program, Outcome)> {
        let program = Program::start(folder).await?;
        let held = held(program.address, &self.office).await;
        let lost = acknowledged.difference(&held).count();
        Ok((program, Outcome { times: 1, acknowledged: acknowledged.len(), lost }))
    }
}

/// `kill -9` under load, several times on one folder; what was not acknowledged is put again each time.
pub fn kill(runtime: &Runtime) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    runtime.block_on(async {
        let mut program = Program::start(folder.path()).await?;
        let mut scene = Scene::found(&mut program).await?;
        let mut total = Outcome { times: 0, acknowledged: 0, lost: 0 };
        for _ in 0..KILLS_OF_ONE {
            let load = scene.load(program.address);
            scene.some_time().await?;
            program.kill()?;
            scene.gather(load).await?;
            let acknowledged = scene.snapshot();
            let outcome;
            (program, outcome) = scene.check(folder.path(), &acknowledged).await?;
            let lost = total.lost + outcome.lost;
            total = Outcome { times: total.times + 1, acknowledged: outcome.acknowledged, lost };
        }
        program.kill()?;
        Ok(total)
    })
}

/// The power goes under load: what reached the disk is all there is.
pub fn cut(runtime: &Runtime) -> Result<Outcome> {
    let disk = Disk::new(DISK_BYTES)?;
    runtime.block_on(async {
        let (program, mut scene, load) = Scene::at_work(&disk.folder()).await?;
        // What is known to be acknowledged now must be on the disk now.
        let acknowledged = scene.snapshot();
        program.freeze()?;
        let later = disk.after_power_cut()?;
        program.kill()?;
        scene.gather(load).await?;
        let (program, outcome) = scene.check(&later.folder(), &acknowledged).await?;
        program.kill()?;
        Ok(outcome)
    })
}

/// Something else fills the disk under load, up to what the relay leaves free: writing is refused and reading goes on.
/// Then all of it is filled: it starts or says why not. Once there is room it takes what waited.
pub fn full(runtime: &Runtime) -> Result<Outcome> {
    let disk = Disk::new(DISK_BYTES)?;
    runtime.block_on(async {
        let (program, mut scene, load) = Scene::at_work(&disk.folder()).await?;
        disk.fill(RESERVE_BYTES / 2)?;
        let acknowledged = scene.refused(load).await?;
        let held_here = held(program.address, &scene.office).await;
        ensure!(acknowledged.is_subset(&held_here), "reading does not go on");
        program.kill()?;
        disk.empty()?;
        disk.fill(0)?;
        match Program::start(&disk.folder()).await {
            Ok(program) => program.kill()?,
            // Without any room there is none for the index either.
            Err(why) => ensure!(why.to_string().contains("no room in"), "{why}"),
        }
        disk.empty()?;
        let (program, outcome) = scene.check(&disk.folder(), &acknowledged).await?;
        goes_on(&mut scene, &program).await?;
        program.kill()?;
        Ok(outcome)
    })
}

/// The disk takes no more writes: they are refused, nothing acknowledged is lost, and it says why it does not start.
pub fn readonly(runtime: &Runtime) -> Result<Outcome> {
    let disk = Disk::new(DISK_BYTES)?;
    runtime.block_on(async {
        let (program, mut scene, load) = Scene::at_work(&disk.folder()).await?;
        disk.break_down()?;
        let acknowledged = scene.refused(load).await?;
        program.kill()?;
        disk.remount(Writes::Refused)?;
        let why = Program::start(&disk.folder()).await.err().context("it started")?;
        ensure!(why.to_string().contains("cannot write to"), "{why}");
        disk.remount(Writes::Taken)?;
        let (program, outcome) = scene.check(&disk.folder(), &acknowledged).await?;
        goes_on(&mut scene, &program).await?;
        program.kill()?;
        Ok(outcome)
    })
}

/// What waited is taken.
async fn goes_on(scene: &mut Scene, program: &Program) -> Result<()> {
    let load = scene.load(program.address);
    scene.some_time().await?;
    load.iter().for_each(JoinHandle::abort);
    Ok(())
}
