//! An office to test in: a coordinator at a desk, a few units, a checklist, teams.

use super::build::Kind;
use super::device::Device;
use super::relay::RelayProcess;
use super::sheets::{GeneratedUnits, Order};
use super::steps::Invitation;
use anyhow::Result;
use mingcha_core::domain::Language;

/// The relay, the coordinator's desktop and what they have made.
pub struct Office {
    /// The relay.
    pub relay: RelayProcess,
    /// The coordinator's desktop, open.
    pub desk: Device,
    /// The units.
    pub units: GeneratedUnits,
}

impl Office {
    /// Founds an office with units, the built-in checklist and a team.
    ///
    /// # Errors
    ///
    /// When any of it fails.
    pub async fn found(kind: Kind, language: Language, team: &str) -> Result<Self> {
        let relay = RelayProcess::start(kind)?;
        let mut desk = Device::desktop("coordinator", language, &relay)?;
        desk.found(&relay, "效能建设办公室", "李明").await?;
        let units = GeneratedUnits::new(3, 30);
        let folder = tempfile::tempdir()?;
        desk.import(&units.areas_csv(folder.path(), Order::Sorted)?).await?;
        desk.import(&units.streets_csv(folder.path(), Order::Mixed)?).await?;
        desk.take_built_in_checklist().await?;
        desk.form_team(team).await?;
        Ok(Self { relay, desk, units })
    }

    /// Invites somebody and lets them join on a phone.
    ///
    /// # Errors
    ///
    /// When any of it fails.
    pub async fn phone(&self, team: &str, name: &str, language: Language) -> Result<Device> {
        let invitation = self.desk.invite(team, name).await?;
        self.join(&invitation, name, language).await
    }

    /// Joins on a new phone.
    ///
    /// # Errors
    ///
    /// When it fails.
    pub async fn join(&self, invitation: &Invitation, name: &str, language: Language) -> Result<Device> {
        let mut phone = Device::phone(name, language, &self.relay)?;
        phone.join_by_link(invitation).await?;
        phone.ready_for_offline().await?;
        Ok(phone)
    }
}
