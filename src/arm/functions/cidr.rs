//! Address ranges.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Call, Function, Outcome, Stop, plain};
use crate::arm::value::{Member, Node, Object, Value};
use crate::text::MappedText;

pub(super) static FUNCTIONS: &[Function] = &[
    plain("parseCidr", 1, 1, parse_cidr),
    plain("cidrSubnet", 3, 3, subnet),
    plain("cidrHost", 2, 2, host),
];

/// A range of addresses.
struct Range {
    /// The first address.
    network: u128,
    prefix: u32,
    /// 32 or 128.
    bits: u32,
}

impl Range {
    fn of(call: &Call<'_>, args: &[Node]) -> Result<Self, Stop> {
        let text = call.str_arg(args, 0)?;
        let read = text.split_once('/').and_then(|(address, prefix)| {
            let (address, bits) = match address.parse().ok()? {
                IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
                IpAddr::V6(address) => (u128::from(address), 128),
            };
            let prefix = prefix.parse().ok().filter(|prefix| *prefix <= bits)?;
            Some(Self {
                network: address & !mask(bits - prefix),
                prefix,
                bits,
            })
        });
        match read {
            Some(range) => Ok(range),
            None => call.failed(format_args!("cannot read '{text}' as a range of addresses")),
        }
    }

    fn last(&self) -> u128 {
        self.network | mask(self.bits - self.prefix)
    }

    fn show(&self, address: u128) -> Option<String> {
        if self.bits == 32 {
            let address = u32::try_from(address).ok()?;
            return Some(Ipv4Addr::from(address).to_string());
        }
        Some(Ipv6Addr::from(address).to_string())
    }
}

/// The lowest `count` bits.
fn mask(count: u32) -> u128 {
    match count {
        128.. => u128::MAX,
        _ => (1 << count) - 1,
    }
}

fn parse_cidr(call: &Call<'_>, args: &[Node]) -> Outcome {
    let range = Range::of(call, args)?;
    // What is said of version 6 and of ranges without usable addresses differs.
    if range.bits != 32 || range.prefix > 30 {
        return Err(Stop::Unknown);
    }
    let member = |name: &str, value: Value| Member {
        name: MappedText::computed(name, call.site),
        node: Node::written(value, call.site),
    };
    let address = |address: u128| -> Result<Value, Stop> {
        let text = range.show(address).ok_or(Stop::Unknown)?;
        Ok(Value::String(MappedText::computed(text, call.site)))
    };
    let netmask = mask(32) & !mask(32 - range.prefix);
    call.made(Value::Object(
        Object::new(vec![
            member("network", address(range.network)?),
            member("netmask", address(netmask)?),
            member("broadcast", address(range.last())?),
            member("firstUsable", address(range.network + 1)?),
            member("lastUsable", address(range.last() - 1)?),
            member("cidr", Value::Int(i64::from(range.prefix))),
        ])
        .into(),
    ))
}

fn subnet(call: &Call<'_>, args: &[Node]) -> Outcome {
    let range = Range::of(call, args)?;
    let prefix = call.int_arg(args, 1)?;
    let index = call.int_arg(args, 2)?;
    let prefix = u32::try_from(prefix)
        .ok()
        .filter(|prefix| (range.prefix..=range.bits).contains(prefix));
    let Some(prefix) = prefix else {
        return call.failed(format_args!("needs a prefix from {} to {}", range.prefix, range.bits));
    };
    let found = u128::try_from(index)
        .ok()
        .filter(|index| *index <= mask(prefix - range.prefix))
        .and_then(|index| {
            let width = range.bits - prefix;
            let start = if width >= 128 { 0 } else { index << width };
            range.show(range.network | start)
        });
    match found {
        Some(network) => call.computed(format!("{network}/{prefix}")),
        None => call.failed(format_args!("has no range {index} of that size")),
    }
}

/// The address at a position that is counted from 0 at the first usable one.
fn host(call: &Call<'_>, args: &[Node]) -> Outcome {
    let range = Range::of(call, args)?;
    let index = call.int_arg(args, 1)?;
    if range.bits - range.prefix < 2 {
        return Err(Stop::Unknown);
    }
    let found = u128::try_from(index)
        .ok()
        .and_then(|index| range.network.checked_add(index)?.checked_add(1))
        .filter(|address| *address < range.last())
        .and_then(|address| range.show(address));
    match found {
        Some(address) => call.computed(address),
        None => call.failed(format_args!("has no usable address {index}")),
    }
}
