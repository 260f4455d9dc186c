//! A third client of core: devices, a relay, a network and clocks, all simulated and all driven by one queue.

#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "soak")]
pub mod demo;
pub mod device;
pub mod disk;
#[cfg(any(feature = "browser", feature = "soak"))]
pub mod live;
pub mod relay;
pub mod rogue;
#[cfg(feature = "sim")]
pub mod sim;
pub mod snapshot;
pub mod world;

pub use device::Device;
pub use world::World;
