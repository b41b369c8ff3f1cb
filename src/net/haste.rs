//! A client in haste, for tests that play out what takes a real one minutes: time-outs and waits as
//! a test orders them. Compiled in with the feature `checkpoints` only, which nothing but this
//! package's own tests turns on.
//!
//! `GVM_TEST_PATIENCE` holds settings, separated by commas: `connect=MS`, `stall=MS`, `whole=MS`
//! and `trickle=BYTES` replace the [`Timeouts`](super::Timeouts) of these names, and `pause=MS` every
//! wait between two tries, which is reported as it would have been.

use super::Network;

/// The network as it is used.
#[cfg(not(feature = "checkpoints"))]
pub(super) fn ordered(network: Network) -> Network {
    network
}

/// The network as the test has ordered it.
#[cfg(feature = "checkpoints")]
#[allow(clippy::disallowed_methods, reason = "no setting of gvm's: a test's order")]
pub(super) fn ordered(network: Network) -> Network {
    match std::env::var("GVM_TEST_PATIENCE") {
        Ok(orders) => hurried(network, &orders),
        Err(_) => network,
    }
}

#[cfg(feature = "checkpoints")]
fn hurried(mut network: Network, orders: &str) -> Network {
    use std::sync::Arc;
    use std::time::Duration;

    for (name, value) in orders.split(',').filter_map(|order| order.split_once('=')) {
        let number = value.parse().expect("the test gives a number");
        let moment = Duration::from_millis(number);
        match name {
            "connect" => network.timeouts.connect = moment,
            "stall" => network.timeouts.stall = moment,
            "trickle" => network.timeouts.trickle = number,
            "whole" => network.timeouts.whole = moment,
            "pause" => network.patience.pause = Arc::new(move |_| std::thread::sleep(moment)),
            _ => panic!("no order for the network: {name}"),
        }
    }
    network
}

#[cfg(all(test, feature = "checkpoints"))]
mod tests {
    use super::*;

    use std::time::Duration;

    #[test]
    fn what_is_not_ordered_stays_as_it_is() {
        let network = hurried(Network::default(), "stall=70,pause=0");
        assert_eq!(network.timeouts.stall, Duration::from_millis(70));
        assert_eq!(network.timeouts.connect, Network::default().timeouts.connect);
        (network.patience.pause)(Duration::from_secs(9000));
    }
}
