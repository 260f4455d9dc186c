//! A disk of its own: a file system in a file, whose bytes are what reached the disk.

use anyhow::{Context, Result, ensure};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Unmounted when dropped.
pub struct Disk {
    place: TempDir,
    device: String,
}

impl Disk {
    /// An empty one, mounted.
    pub fn new(bytes: u64) -> Result<Self> {
        let place = place()?;
        let image = image(&place);
        File::create(&image)?.set_len(bytes)?;
        // Journal and inodes small, so that rooms are as named; an error makes it read-only, as servers have it.
        run(Command::new("mkfs.ext4").args(["-q", "-F", "-m", "0", "-e", "remount-ro"]).arg(&image))
            .context("power cuts and bad disks need mkfs.ext4")?;
        Self::mount(place)
    }

    /// What would be found on it if the power went now, mounted as at the next start.
    pub fn after_power_cut(&self) -> Result<Self> {
        let place = place()?;
        run(Command::new("cp").arg("--sparse=always").arg(image(&self.place)).arg(image(&place)))?;
        Self::mount(place)
    }

    fn mount(place: TempDir) -> Result<Self> {
        let mounted = place.path().join("disk");
        fs::create_dir(&mounted)?;
        let found = Command::new("losetup").args(["--find", "--show"]).arg(image(&place)).output();
        let found = found.context("power cuts and bad disks need losetup")?;
        ensure!(
            found.status.success(),
            "power cuts and bad disks need root and a loop device: {}",
            String::from_utf8_lossy(&found.stderr).trim()
        );
        let device = String::from_utf8(found.stdout)?.trim().to_owned();
        let disk = Self { place, device };
        run(Command::new("mount").arg(&disk.device).arg(mounted))?;
        Ok(disk)
    }

    /// A folder on it.
    pub fn folder(&self) -> PathBuf {
        self.place.path().join("disk/relay")
    }

    /// Takes all room but so many bytes, or all that it gets.
    pub fn fill(&self, but: u64) -> Result<()> {
        let filler = File::create(self.place.path().join("disk/filler"))?;
        let (mut taken, mut step) = (0, 16 << 20);
        while step >= 4_096 {
            let here = rustix::fs::statvfs(self.place.path().join("disk"))?;
            let flags = rustix::fs::FallocateFlags::empty();
            let fits = here.f_bavail * here.f_frsize >= but + step;
            if fits && rustix::fs::fallocate(&filler, flags, taken, step).is_ok() {
                taken += step;
            } else {
                step /= 2;
            }
        }
        Ok(())
    }

    /// Gives back what [`Disk::fill`] took.
    pub fn empty(&self) -> Result<()> {
        Ok(fs::remove_file(self.place.path().join("disk/filler"))?)
    }

    /// Lets the file system meet an error, upon which it takes no more writes.
    pub fn break_down(&self) -> Result<()> {
        let name = self.device.trim_start_matches("/dev/");
        let trigger = Path::new("/sys/fs/ext4").join(name).join("trigger_fs_error");
        fs::write(&trigger, "1").with_context(|| format!("cannot write to {}", trigger.display()))
    }

    /// Takes it out and puts it in again.
    pub fn remount(&self, how: Writes) -> Result<()> {
        run(Command::new("umount").arg(self.place.path().join("disk")))?;
        let word = if how == Writes::Refused { "ro" } else { "rw" };
        run(Command::new("mount").args(["-o", word, &self.device]).arg(self.place.path().join("disk")))
    }
}

/// Whether a disk can be written to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    Taken,
    Refused,
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = run(Command::new("umount").arg(self.place.path().join("disk")));
        let _ = run(Command::new("losetup").args(["--detach", &self.device]));
    }
}

fn image(place: &TempDir) -> PathBuf {
    place.path().join("image")
}

/// A folder in memory where there is one: copying a disk should take no longer than it must.
fn place() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? })
}

/// Runs a program to its end and requires success.
pub fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} ended with {}: {}", output.status, said.trim());
    Ok(())
}
